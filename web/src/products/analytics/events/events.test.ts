import { describe, expect, it } from "vitest";

import { differs, planRequest, planSaved } from "../insight/kind";
import { validateTrendsSearch } from "../trends/search";
import { eventLines, EVENTS, limitChoices, restOf, trendsOf, type EventShare } from "./plan";
import { validateEventsSearch } from "./search";

const NOW = new Date("2026-11-20T12:00:00Z");
const ROWS: EventShare[] = [
  { event: "$pageview", count: 6, users: 3, share: 60 },
  { event: "bought", count: 2, users: 1, share: 20 },
];

describe("top events", () => {
  it("ask for so many, without an interval", () => {
    const query = planRequest(EVENTS, validateEventsSearch({ range: "7d" }), "UTC", NOW);
    expect(query).toEqual({ kind: "top_events", limit: 25, date_from: "-6d" });
  });

  it("come back from what was saved", () => {
    const state = validateEventsSearch({ limit: 50, range: "30d" });
    expect(differs(EVENTS, state, planSaved(EVENTS, state, "UTC", NOW))).toBe(false);
  });

  it("offer the limit of the address beside the usual ones", () => {
    expect(limitChoices(validateEventsSearch({ limit: 7 }))).toEqual([7, 10, 25, 50, 100, 250]);
  });

  it("lead to Trends in the same period and under the same filters", () => {
    const state = validateEventsSearch({ range: "90d", filters: [{ property: "plan", value: "pro" }] });
    const found = validateTrendsSearch(trendsOf("bought", state));
    expect(found).toEqual({ series: [{ event: "bought", math: "total" }], range: "90d", filters: state.filters });
  });

  it("say what the others have", () => {
    expect(restOf(ROWS)).toBe(20);
    expect(restOf([...ROWS, { event: "rest", count: 2, users: 1, share: 20.01 }])).toBe(0);
  });

  it("become lines by the names that were sent", () => {
    expect(eventLines(ROWS)[1]).toEqual(["$pageview", 6, 60, 3]);
  });
});
