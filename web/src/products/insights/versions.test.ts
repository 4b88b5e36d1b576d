import { expect, it } from "vitest";

import type { SavedVersion } from "@/api/saved";

import { kindOf } from "./kinds";
import { changesOf } from "./versions";

const FIRST: SavedVersion = { version: 1, name: "Visitors", description: "", query: { kind: "trends", date_from: "-30d", series: [{ event: "a" }] }, display: { chart: "bar" }, tags: [], made_by: { id: 1, name: "Alice" }, created_at: "2026-11-20T10:00:00Z" };

it.each([
  ["the first", FIRST, undefined, "Made"],
  ["a name", { ...FIRST, name: "Guests" }, FIRST, "Name"],
  ["the question, by its fields", { ...FIRST, query: { ...FIRST.query, date_from: "-7d", interval: "day" } }, FIRST, "Question (date from, interval)"],
  ["how it is shown", { ...FIRST, display: { chart: "line", hidden: ["a"] } }, FIRST, "Display (chart, hidden)"],
  ["tags and words", { ...FIRST, tags: ["board"], description: "Monthly" }, FIRST, "Description, tags"],
  ["the same in another order", { ...FIRST, query: { series: [{ event: "a" }], date_from: "-30d", kind: "trends" } }, FIRST, "Nothing changed"],
])("says what changed: %s", (_, version, before, words) => {
  expect(changesOf(version, before)).toBe(words);
});

it("leads every kind with a page to it, and knows no page of others", () => {
  expect(kindOf("funnel").path).toBe("/funnels");
  expect(kindOf("a-plugin's").path).toBeUndefined();
});
