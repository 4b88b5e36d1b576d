import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test, vi } from "vitest";

import { useDeleteProject } from "./projects";
import { useFavourites } from "./saved";
import { sessionQuery } from "./session";

const asked: string[] = [];

vi.stubGlobal("fetch", (url: string | URL | Request, init?: RequestInit) => {
  const { method, url: whole } = new Request(url instanceof Request ? url : new URL(url, "http://shop.example"), init);
  asked.push(`${method} ${new URL(whole).pathname}`);
  return Promise.resolve(method === "DELETE" ? new Response(null, { status: 204 }) : Response.json({ items: [], next_cursor: null }));
});

test("a project that is deleted is not asked for its favourites again", async () => {
  const client = new QueryClient();
  client.setQueryData(sessionQuery.queryKey, { projects: [{ id: 1 }, { id: 2 }] } as never);
  const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>;
  const sidebar = renderHook(() => ({ favourites: useFavourites(2, 5), deletion: useDeleteProject(2) }), { wrapper });
  await waitFor(() => expect(sidebar.result.current.favourites.isSuccess).toBe(true));
  await act(() => sidebar.result.current.deletion.mutateAsync());
  sidebar.rerender();
  await waitFor(() => expect(sidebar.result.current.deletion.isSuccess).toBe(true));
  expect(asked).toEqual(["GET /api/v1/projects/2/insights", "DELETE /api/v1/projects/2"]);
});
