import { keepPreviousData, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, expect, test, vi } from "vitest";

import type { Project } from "@/api";
import { ProjectProvider } from "@/app/project";

import { RulePreview } from "./RulePreview";
import { newCriterion, newGroup, type RuleGroup } from "./rules";

const SHOP: Project = { id: 1, name: "Shop", token: "", website_id: "", timezone: "UTC", week_start: "monday", retention_days: null, keep_ip: "drop", created_at: "2026-11-01T00:00:00Z", role: "viewer" };
const ADA = { person: 7, name: "Ada", distinct_ids: ["d7"], properties: {}, created_at: null, is_identified: true };

interface Asked {
  readonly definition: unknown;
  readonly cohort: number | null;
}

const asked: Asked[] = [];
let answer: () => Response | Promise<Response>;

function found(total: number) {
  return Response.json({ items: total > 0 ? [ADA] : [], next_cursor: null, total, definition: "", elapsed_ms: 12.4, warnings: [] });
}

beforeEach(() => {
  asked.length = 0;
  answer = () => found(1234);
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
    asked.push(JSON.parse(String(init.body)) as Asked);
    return Promise.resolve(answer());
  });
});

/** Shows the preview of a rule, with a button that makes it another one. */
function showPreview(rules: RuleGroup, { self, next = rules }: { self?: number; next?: RuleGroup } = {}) {
  const client = new QueryClient({ defaultOptions: { queries: { placeholderData: keepPreviousData } } });
  const Builder = () => {
    const [current, setCurrent] = useState(rules);
    return (
      <>
        <button onClick={() => setCurrent(next)}>Change the rule</button>
        <RulePreview rules={current} self={self} />
      </>
    );
  };
  const router = createRouter({ routeTree: createRootRoute({ component: Builder }), history: createMemoryHistory() });
  render(
    <QueryClientProvider client={client}>
      <ProjectProvider project={SHOP}>
        <RouterProvider router={router as never} />
      </ProjectProvider>
    </QueryClientProvider>,
  );
}

const lately = (days: number) => newGroup([newCriterion({ days })]);
const INCOMPLETE = newGroup([newCriterion({ kind: "cohort" })]);

test("says how many match and names some of them", async () => {
  showPreview(lately(30), { self: 3 });
  expect(await screen.findByText("About 1,234 people match")).toBeVisible();
  expect(screen.getByText("now, in 12 ms")).toBeVisible();
  expect(screen.getByRole("link", { name: /Ada/ })).toHaveAttribute("href", "/people/7");
  expect(screen.getByText("and 1,233 more")).toBeVisible();
  expect(asked).toMatchObject([{ cohort: 3, definition: { and: [{ type: "behaviour", days: 30 }] } }]);
});

test("keeps the older number in sight until the new rule is counted", async () => {
  showPreview(lately(30), { next: lately(7) });
  await screen.findByText("About 1,234 people match");
  answer = () => found(1);
  fireEvent.click(screen.getByRole("button", { name: "Change the rule" }));
  expect(screen.getByText("before this change, counting anew…")).toBeVisible();
  expect(screen.getByText("About 1,234 people match")).toBeVisible();
  expect(await screen.findByText("1 person matches", {}, { timeout: 2000 })).toBeVisible();
  expect(asked).toHaveLength(2);
});

test("asks nothing while the rule is half written", async () => {
  showPreview(INCOMPLETE);
  expect(await screen.findByText("Complete the rule to see how many match.")).toBeVisible();
  expect(asked).toEqual([]);
});

test("says what the server refuses, and asks again on request", async () => {
  answer = () => Response.json({ type: "", title: "Invalid", status: 422, code: "query_too_expensive", detail: "Too many rows.", hint: "Name fewer days." }, { status: 422 });
  showPreview(lately(30));
  expect(await screen.findByRole("alert")).toHaveTextContent("It could not be counted: Too many rows. Name fewer days.");
  answer = () => found(0);
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.getByText("Nobody matches")).toBeVisible());
});
