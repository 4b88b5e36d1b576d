import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRouter, RouterContextProvider } from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";

import { ProjectProvider } from "@/app/project";
import { TooltipProvider } from "@/design";

import { FunnelBars } from "../funnels/FunnelBars";
import { planLines } from "../funnels/plan";
import { RetentionGrid } from "../retention/RetentionGrid";
import { PeopleDialog } from "./PeopleDialog";

afterEach(() => vi.unstubAllGlobals());

const step = (name: string, count: number, lost: number) => ({ name, event: name, count, conversion_from_first: count * 10, conversion_from_previous: count * 10, drop_off: lost, median_seconds: null, mean_seconds: null });

test("a funnel's bars lead to those who went on and those who left", async () => {
  const result = { steps: [step("visit", 10, 0), step("pay", 4, 6)], bottleneck: 1 };
  const open = vi.fn();
  render(
    <TooltipProvider>
      <FunnelBars result={result} lines={planLines(result, {})} onOpen={open} />
    </TooltipProvider>,
  );
  await userEvent.click(screen.getByRole("button", { name: /pay: 6 came to the step before/ }));
  expect(open).toHaveBeenCalledWith(expect.anything(), 1, "dropped");
  expect(screen.getByText("Largest drop-off")).toBeVisible();
  expect(screen.getByRole("figure")).toHaveAccessibleName("Funnel. visit: 10; pay: 4, 40% of the step before.");
});

test("a retention grid says which cells are not over, and leaves out those to come", async () => {
  const cohort = { date: "2026-11-16T00:00:00Z", label: "2026-11-16", size: 4, values: [4, 2], rates: [100, 50], incomplete_from: 1 };
  const open = vi.fn();
  render(<RetentionGrid grid={{ name: "Everybody", cohorts: [cohort], mean: [100, null, null] }} labels={["Week 0", "Week 1", "Week 2"]} shows="rates" period="week" onOpen={open} />);
  await userEvent.click(screen.getByRole("button", { name: /Week 1: 2 of 4 \(50%\), not over yet/ }));
  expect(open).toHaveBeenCalledWith(0, 1);
  expect(screen.getByRole("cell", { name: "Not yet" })).toBeVisible();
});

const SHOP = { id: 1, name: "Shop", token: "", website_id: "", timezone: "UTC", week_start: "monday", retention_days: null, keep_ip: "truncate", created_at: "", role: "owner" } as const;
const ALICE = { person: 1, name: "alice", distinct_ids: ["alice"], properties: { plan: "pro" }, created_at: null, is_identified: true };

function openDialog(answer: (url: string, body: Record<string, unknown>) => Response) {
  vi.stubGlobal("fetch", (url: string, { body }: { body: string }) => Promise.resolve(answer(url, JSON.parse(body) as Record<string, unknown>)));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <TooltipProvider>
        <RouterContextProvider router={createRouter({ routeTree: createRootRoute(), history: createMemoryHistory() })}>
          <ProjectProvider project={SHOP}>
            <PeopleDialog request={{ kind: "funnel" }} target={{ title: "Left before pay", point: { step: 1 } }} onClose={() => undefined} />
          </ProjectProvider>
        </RouterContextProvider>
      </TooltipProvider>
    </QueryClientProvider>,
  );
}

test("people behind a number are listed, searched and kept as a cohort", async () => {
  const asked: Record<string, unknown>[] = [];
  openDialog((url, body) => {
    asked.push({ url, ...body });
    return Response.json(url.endsWith("/cohorts") ? { id: 3, name: "Left" } : { items: [ALICE], next_cursor: null, total: 1, definition: "Who left." });
  });
  expect(await screen.findByRole("cell", { name: "alice" })).toBeVisible();
  expect(screen.getByText("1 person")).toBeVisible();
  await userEvent.type(screen.getByLabelText("Search people"), "ali");
  await vi.waitFor(() => expect(asked.at(-1)).toMatchObject({ search: "ali", point: { step: 1 }, query: { kind: "funnel" } }));
  await userEvent.click(screen.getByRole("button", { name: "Save as cohort" }));
  await userEvent.click(screen.getByRole("button", { name: "Save cohort" }));
  await vi.waitFor(() => expect(asked.at(-1)).toMatchObject({ name: "Left before pay", kind: "static", people: { point: { step: 1 } } }));
});

test("a server that cannot list people says so, and can be asked again", async () => {
  openDialog(() => Response.json({ title: "Too many queries", status: 429, detail: "Wait a little.", code: "too_many" }, { status: 429 }));
  expect(await screen.findByText("Wait a little.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Try again" })).toBeVisible();
});
