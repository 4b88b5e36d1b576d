import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { ApiError, type Project } from "@/api";
import type { CohortView } from "@/api/audiences";
import { ProjectProvider } from "@/app/project";
import { show } from "@/testing/render";

import { CohortForm, type CohortWords } from "./CohortForm";

const SHOP: Project = { id: 1, name: "Shop", token: "", website_id: "", timezone: "UTC", week_start: "monday", retention_days: null, keep_ip: "drop", created_at: "2026-11-01T00:00:00Z", role: "owner" };

vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ items: [], next_cursor: null, total: 0, elapsed_ms: 1, warnings: [] })));

function showForm(cohort?: Partial<CohortView>, error: unknown = null) {
  const onSubmit = vi.fn<(words: CohortWords) => void>();
  const form = (
    <QueryClientProvider client={new QueryClient()}>
      <ProjectProvider project={SHOP}>
        <CohortForm cohort={cohort as CohortView | undefined} busy={false} error={error} onSubmit={onSubmit} onCancel={() => undefined} />
      </ProjectProvider>
    </QueryClientProvider>
  );
  return { ...show(form), onSubmit };
}

test("a rule is built and said in words", async () => {
  const { user, onSubmit } = showForm();
  await user.type(screen.getByLabelText("Name"), "Loyal");
  await user.clear(screen.getByLabelText("Times"));
  await user.type(screen.getByLabelText("Times"), "3");
  await user.click(screen.getByRole("button", { name: "Add criterion" }));
  await user.selectOptions(screen.getAllByLabelText("Criterion")[1]!, "did for the first time");
  expect(screen.getByText("People who did any event at least 3 times in the last 30 days and did any event for the first time in the last 30 days.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Save and count" }));
  expect(onSubmit.mock.calls[0]?.[0].definition).toEqual({ and: [{ type: "behaviour", event: null, count: { operator: "gte", value: 3 }, days: 30 }, { type: "first_time", event: null, days: 30 }] });
});

test("tags are named or taken from those the project has", async () => {
  const { user, onSubmit } = showForm({ id: 3, name: "Odd", description: "", tags: ["money"], kind: "static" });
  await user.click(screen.getByRole("combobox", { name: /Tags/ }));
  await user.type(await screen.findByPlaceholderText("Find or name a tag"), "loyal{Enter}");
  await user.click(screen.getByRole("button", { name: "Remove the tag money" }));
  await user.click(screen.getByRole("button", { name: "Save cohort" }));
  expect(onSubmit.mock.calls[0]?.[0].tags).toEqual(["loyal"]);
});

test("groups nest, and can be taken away again", async () => {
  const { user } = showForm();
  await user.click(screen.getByRole("button", { name: "Add group" }));
  expect(screen.getAllByRole("group")).toHaveLength(2);
  await user.click(screen.getByRole("button", { name: "Remove group" }));
  expect(screen.getAllByRole("group")).toHaveLength(1);
});

test("a half-written rule cannot be saved, and the form says why", async () => {
  const { user } = showForm();
  await user.type(screen.getByLabelText("Name"), "Loyal");
  await user.selectOptions(screen.getByLabelText("Criterion"), "are in the cohort");
  expect(screen.getByText("Choose a cohort.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Save and count" })).toBeDisabled();
});

test("a list takes pasted ids", async () => {
  const { user, onSubmit } = showForm();
  await user.type(screen.getByLabelText("Name"), "Interviewed");
  await user.click(screen.getByRole("radio", { name: "By a list" }));
  await user.type(screen.getByLabelText(/Distinct ids/), "alice{Enter}bob{Enter}alice");
  expect(screen.getByText("2 ids")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Save cohort" }));
  expect(onSubmit.mock.calls[0]?.[0]).toMatchObject({ kind: "static", people: { file: null } });
});

test("a rule that the builder has no words for is left alone", async () => {
  const { user, onSubmit } = showForm({ id: 3, name: "Odd", description: "", tags: [], kind: "dynamic", definition: { and: [{ type: "astrology" }] } });
  expect(screen.getByText(/says more than the builder can show/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Save cohort" }));
  expect(onSubmit.mock.calls[0]?.[0]).not.toHaveProperty("definition");
});

test("what the server refuses is shown with the field it names", () => {
  showForm(undefined, new ApiError({ type: "", title: "Invalid", status: 422, code: "invalid", detail: "A field is wrong.", errors: [{ path: "definition.and.0.days", message: "must be at most 3660" }] }));
  expect(screen.getByRole("alert")).toHaveTextContent("definition.and.0.days must be at most 3660");
});
