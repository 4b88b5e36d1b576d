import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";

import { useCohort, useDeleteCohort } from "./audiences";

const asked: string[] = [];
let gone = false;
let refused = false;

function answer(url: string, method: string) {
  if (method === "DELETE" && refused) return Response.json({ title: "Conflict", status: 409, detail: "Another cohort is made of it." }, { status: 409 });
  if (method === "DELETE") {
    gone = true;
    return new Response(null, { status: 204 });
  }
  asked.push(url);
  return gone ? Response.json({ title: "Not found", status: 404, detail: "No such cohort." }, { status: 404 }) : Response.json({ id: 7, name: "Buyers" });
}

vi.stubGlobal("fetch", (url: string | URL | Request, init?: RequestInit) => {
  const request = new Request(url instanceof Request ? url : new URL(url, "http://shop.example"), init);
  return Promise.resolve(answer(new URL(request.url).pathname, request.method));
});

beforeEach(() => {
  asked.length = 0;
  gone = refused = false;
});

/** The page of a cohort: it reads it, and can delete it. */
function showPage() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>;
  const open = () => renderHook(() => ({ cohort: useCohort(1, 7), ...useDeleteCohort(1, 7) }), { wrapper });
  return { open, client };
}

test("a cohort that is being deleted is not asked for again, until somebody comes back to it", async () => {
  const { open, client } = showPage();
  const page = open();
  await waitFor(() => expect(page.result.current.cohort.data?.name).toBe("Buyers"));
  await act(() => page.result.current.deletion.mutateAsync());
  await waitFor(() => expect(page.result.current.deletion.isSuccess).toBe(true));
  await act(() => client.invalidateQueries());
  expect(asked).toHaveLength(1);
  expect(page.result.current.cohort.data?.name).toBe("Buyers");
  page.unmount();
  page.result.current.left();

  const later = open();
  await waitFor(() => expect(later.result.current.cohort.error?.message).toContain("No such cohort"));
  expect(asked).toHaveLength(2);
});

test("a deletion that is refused leaves a living page", async () => {
  refused = true;
  const { open, client } = showPage();
  const page = open();
  await waitFor(() => expect(page.result.current.cohort.data?.name).toBe("Buyers"));
  await act(() => page.result.current.deletion.mutateAsync().catch(() => undefined));
  await waitFor(() => expect(page.result.current.deletion.error?.message).toContain("made of it"));
  await act(() => client.invalidateQueries());
  await waitFor(() => expect(asked).toHaveLength(2));
});
