import { describe, expect, it } from "vitest";

import { planRequest, planSaved, readSaved } from "../insight/kind";
import { RETENTION } from "./kind";
import { describeGrid, periodOf, planGrids, planPoint, rateOf, retentionLines, shadeOf, strongestRate, type RetentionResult } from "./plan";
import { validateRetentionSearch } from "./search";

const NOW = new Date("2026-11-20T12:00:00Z");
const cohort = { date: "2026-11-16T00:00:00Z", label: "2026-11-16", size: 4, values: [4, 2], rates: [100, 50], incomplete_from: 1 };
const result: RetentionResult = {
  labels: ["Day 0", "Day 1"],
  cohorts: [cohort],
  mean: [100, 50],
  breakdowns: [{ breakdown: ["(none)"], cohorts: [cohort], mean: [100, null] }],
};
const search = validateRetentionSearch({ breakdown: [{ type: "event", property: "plan" }], range: "90d" });

describe("planRetention", () => {
  it("takes weeks for a quarter unless told otherwise, and never an interval", () => {
    expect(periodOf(search)).toBe("week");
    const request = planRequest(RETENTION, search, "UTC", NOW);
    expect(request).toMatchObject({ kind: "retention", period: "week", intervals: 13, date_from: "-89d" });
    expect(request).not.toHaveProperty("interval");
  });

  it("opens a kept report as it was", () => {
    const kept = planSaved(RETENTION, { ...search, mode: "first_time", brackets: [1, 6] }, "UTC", NOW);
    expect(readSaved(RETENTION, kept)).toMatchObject({ period: "week", mode: "first_time", brackets: [1, 6], target: { event: "$pageview" } });
  });
});

describe("the grid", () => {
  const [all, none] = planGrids(result, search);

  it("is one for everybody and one a value, which leads to people as the answer writes it", () => {
    expect([all?.name, none?.name]).toEqual(["Everybody", "Not set"]);
    expect(all && planPoint(all, 0, 1)).toEqual({ cohort: 0, interval: 1 });
    expect(none && planPoint(none, 0, 1)).toEqual({ cohort: 0, interval: 1, value: "(none)" });
  });

  it("shades by the strongest of the later columns, and never too dark to read", () => {
    expect(strongestRate(result)).toBe(50);
    expect([shadeOf(0, 50), shadeOf(25, 50), shadeOf(50, 50)]).toEqual([0, 26, 46]);
  });

  it("is told in words and lines", () => {
    expect(all && describeGrid(all, result.labels)).toBe("Everybody: 1 cohort, 4 people in all. On average came back, Day 1: 50%.");
    expect(all && retentionLines(result, [all], "rates")[0]?.[3]).toBe(`${result.labels[0]} (%)`);
    expect(all && retentionLines(result, [all], "people")[1]).toEqual(["Everybody", "2026-11-16", 4, 4, 2]);
  });

  it("has a cell for each column in every line, also those not yet reached", () => {
    const young = { ...cohort, values: [4], rates: [100] };
    const lines = (shows: "rates" | "people") => all && retentionLines(result, [{ ...all, cohorts: [young] }], shows)[1];
    expect([lines("rates"), lines("people")]).toEqual([["Everybody", "2026-11-16", 4, 100, null], ["Everybody", "2026-11-16", 4, 4, null]]);
  });

  it("has no share of a cohort of nobody", () => {
    const nobody = { ...cohort, size: 0, values: [0, 0], rates: [0, 0] };
    expect([rateOf(nobody, 1), rateOf(cohort, 1)]).toEqual([null, 50]);
    expect(all && retentionLines(result, [{ ...all, cohorts: [nobody] }], "rates")[1]).toEqual(["Everybody", "2026-11-16", 0, null, null]);
  });
});
