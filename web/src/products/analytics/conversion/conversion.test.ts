import { describe, expect, it } from "vitest";

import { differs, planRequest, planSaved, readSaved } from "../insight/kind";
import { CONVERSION, conversionLines, planBars, planChart, planFigures, planPoint, type ConversionResult } from "./plan";
import { validateConversionSearch } from "./search";

const NOW = new Date("2026-11-20T12:00:00Z");
const read = validateConversionSearch;
const bought = read({ start: { event: "seen", filters: [{ property: "plan", value: "pro" }] }, end: { event: "bought" }, window: { value: 2, unit: "hour" }, range: "7d" });

const RESULT: ConversionResult = {
  rate: 50,
  started: 4,
  converted: 2,
  median_seconds: 60,
  mean_seconds: 90,
  trend: { labels: ["2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z"], rate: [50, 0], started: [4, 0], converted: [2, 0], incomplete_from: 1 },
};

describe("the question", () => {
  it("is asked once both events are chosen", () => {
    expect(CONVERSION.isComplete?.(read({}))).toBe(false);
    expect(CONVERSION.isComplete?.(bought)).toBe(true);
  });

  it("names an event alone, or with what narrows it", () => {
    const query = planRequest(CONVERSION, bought, "UTC", NOW) as unknown as Record<string, unknown>;
    expect(query).toMatchObject({ kind: "conversion", end_event: "bought", window: { value: 2, unit: "hour" }, view: "trend", interval: "day" });
    expect(query.start_event).toEqual({ event: "seen", filters: [{ type: "event", property: "plan", operator: "exact", value: "pro" }] });
  });

  it("has no interval where it is about times", () => {
    const query = planRequest(CONVERSION, { ...bought, show: "time" }, "UTC", NOW);
    expect(query).toMatchObject({ view: "time_to_convert" });
    expect(query).not.toHaveProperty("interval");
  });

  it("comes back from what was saved", () => {
    const kept = planSaved(CONVERSION, bought, "UTC", NOW);
    expect(differs(CONVERSION, bought, kept)).toBe(false);
    expect(readSaved(CONVERSION, kept)).toMatchObject({ start: bought.start, end: bought.end, window: bought.window });
  });

  it("is read as the API takes it too, its window in minutes", () => {
    const state = readSaved(CONVERSION, { kind: "conversion", start_event: "seen", end_event: "bought", window_minutes: 90 });
    expect(state).toMatchObject({ start: { event: "seen" }, end: { event: "bought" }, window: { value: 90, unit: "minute" } });
    expect(readSaved(CONVERSION, { kind: "conversion", start_event: "seen", end_event: "bought" }).window).toBeUndefined();
  });

  it("takes any event for none", () => {
    expect(read({ end: { event: null } }).end).toBeUndefined();
  });
});

describe("the answer", () => {
  it("has its figures, and none for the rate of nobody", () => {
    expect(planFigures(RESULT).map(({ value }) => value)).toEqual([50, 4, 2, 60]);
    expect(planFigures({ ...RESULT, started: 0, converted: 0, rate: 0, median_seconds: null })[0]?.value).toBeNull();
  });

  it("is a funnel of two steps", () => {
    const { steps } = planBars(RESULT, bought);
    expect(steps.map(({ name, count, drop_off }) => [name, count, drop_off])).toEqual([["seen", 4, 0], ["bought", 2, 2]]);
  });

  it("has no rate where nobody started", () => {
    expect(planChart(RESULT, bought)?.series[0]?.data).toEqual([50, null]);
    expect(planChart(RESULT, { ...bought, show: "started" })).toMatchObject({ kind: "bar", incompleteFrom: 1, series: [{ data: [4, 0] }] });
    expect(planChart(RESULT, { ...bought, show: "time" })).toBeUndefined();
  });

  it("becomes lines, the whole first", () => {
    expect(conversionLines(RESULT).slice(1)).toEqual([
      ["All", 4, 2, 2, 50, 60, 90],
      ["2026-11-19T00:00:00Z", 4, 2, 2, 50, null, null],
      ["2026-11-20T00:00:00Z", 0, 0, 0, null, null, null],
    ]);
  });

  it("leads to people, of all or of one start", () => {
    expect(planPoint("dropped")).toEqual({ outcome: "dropped" });
    expect(planPoint("started", "2026-11-20T00:00:00Z")).toEqual({ outcome: "started", bucket: "2026-11-20T00:00:00Z" });
  });
});
