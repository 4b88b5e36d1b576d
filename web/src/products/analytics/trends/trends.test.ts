import { describe, expect, it } from "vitest";

import type { TrendsResult } from "../shared/answers";
import { csvCell, toCsv } from "../insight/csv";
import { differs, planDisplay, planRequest, planSaved, readSaved } from "../insight/kind";
import { TRENDS } from "./kind";
import { planChart, planPoint, planRows, planTrends, sortRows, tableLines } from "./plan";
import { validateTrendsSearch } from "./search";
import { act, replaceAt } from "./series";

const NOW = new Date("2026-11-20T12:00:00Z");
const byPlan: TrendsResult = {
  labels: ["2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z"],
  series: [
    { name: "Sign-up", breakdown: ["pro"], data: [1, 2], total: 3 },
    { name: "Sign-up", breakdown: ["free"], data: [4, null], total: 4 },
  ],
  incomplete_from: 1,
};
const search = validateTrendsSearch({ series: [{ event: "Sign-up", math: "total" }], breakdown: { type: "event", property: "plan" } });

describe("validateTrendsSearch", () => {
  it("mends what is broken and keeps the rest", () => {
    const mended = validateTrendsSearch({ series: [{ event: 7, math: "nonsense" }], chart: "pie", compare: true });
    expect(mended).toMatchObject({ series: [{ event: null, math: "total" }], compare: true });
    expect(mended.chart).toBeUndefined();
  });
});

describe("planTrends", () => {
  it("asks page views by day where nothing was chosen", () => {
    expect(planRequest(TRENDS, {}, "UTC", NOW)).toEqual({
      kind: "trends",
      series: [{ event: "$pageview", name: "Page view", math: "total" }],
      date_from: "-29d",
      interval: "day",
    });
  });

  it("does not ask a series whose property is still to be chosen", () => {
    expect(planTrends({ series: [{ event: "Order", math: "sum" }] }).series).toEqual([]);
  });
});

describe("a series of one's own SQL", () => {
  const series = [{ event: "Order", math: "sql", sql: "sum(properties.amount) / count()" }];

  it("is asked with its expression", () => {
    expect(planTrends(validateTrendsSearch({ series })).series).toEqual([
      { event: "Order", name: "Order: sum(properties.amount) / count()", math: "sql", math_sql: "sum(properties.amount) / count()" },
    ]);
  });

  it("waits for its expression", () => {
    expect(planTrends({ series: [{ event: "Order", math: "sql" }] }).series).toEqual([]);
  });
});

describe("a saved report", () => {
  const report = validateTrendsSearch({
    range: "today",
    series: [{ event: "Order", math: "sum", property: "amount", filters: [{ type: "event", property: "event", operator: "exact", value: "x" }] }],
    breakdown: [{ type: "session", property: "channel" }, { type: "event", property: "plan" }],
    limit: 25,
    filters: [{ type: "cohort", operator: "in", value: [3] }],
  });
  const kept = planSaved(TRENDS, report, "UTC", NOW);

  it("keeps a period that moves on with the days", () => {
    expect(kept).toMatchObject({ date_from: "-0d", filters: [{ type: "cohort", operator: "in", value: [3] }] });
  });

  it("opens as it was saved", () => {
    const opened = readSaved(TRENDS, kept);
    expect(opened).toMatchObject({ range: "today", limit: 25, breakdown: report.breakdown });
    expect(opened.series?.[0]).toMatchObject({ event: "Order", math: "sum", property: "amount" });
    expect(differs(TRENDS, opened, kept)).toBe(false);
    expect(differs(TRENDS, { ...opened, limit: 5 }, kept)).toBe(true);
  });

  it("opens as it was shown, and keeps what others kept beside it", () => {
    const shown = planDisplay(TRENDS, { ...report, chart: "bar", hidden: ["pro"] }, { chart: "line", colour: "red" });
    expect(shown).toEqual({ colour: "red", chart: "bar", hidden: ["pro"] });
    const opened = readSaved(TRENDS, kept, shown);
    expect(opened).toMatchObject({ chart: "bar", hidden: ["pro"], limit: 25 });
    expect(differs(TRENDS, opened, kept, shown)).toBe(false);
    expect(differs(TRENDS, { ...opened, chart: undefined }, kept, shown)).toBe(true);
    expect(readSaved(TRENDS, kept, { chart: "pie" }).chart).toBeUndefined();
  });
});

describe("planPoint", () => {
  it("names the line and the bucket", () => {
    const [row] = planRows(byPlan, search);
    expect(row && planPoint(row, 0)).toEqual({ series: 0, breakdown: ["pro"], bucket: 0 });
  });
});

describe("planRows", () => {
  it("names lines by their value and gives each a colour of its own", () => {
    expect(planRows(byPlan, search).map(({ name, colour }) => [name, colour])).toEqual([["pro", 1], ["free", 2]]);
  });

  it("keeps the colour of a line when another is hidden", () => {
    const rows = planRows(byPlan, search).slice(1);
    expect(planChart(byPlan, rows, search).series.map((one) => one.colour)).toEqual([2]);
  });
});

describe("the table", () => {
  it("sorts rows without a value last, both ways", () => {
    const names = (direction: "ascending" | "descending") => sortRows(planRows(byPlan, search), { key: "1", direction }).map((row) => row.name);
    expect([names("ascending"), names("descending")]).toEqual([["pro", "free"], ["pro", "free"]]);
  });

  it("is written with the totals before where it is compared, as it is shown", () => {
    const compared = { ...byPlan, series: byPlan.series.map((one) => ({ ...one, previous: [1, 2], previous_total: 3 })) };
    expect(tableLines(compared, planRows(compared, search)).map((line) => line.slice(0, 3))).toEqual([["Series", "Total", "Before"], ["pro", 3, 3], ["free", 4, 3]]);
  });

  it("is written as CSV that no spreadsheet takes for a formula", () => {
    expect(toCsv(tableLines(byPlan, planRows(byPlan, search))).split("\r\n")[2]).toBe("free,4,4,");
    expect(csvCell('=cmd|" /C"!A1')).toBe(`"'=cmd|"" /C""!A1"`);
  });
});

describe("series", () => {
  const [a, b] = [{ event: "a", math: "total" }, { event: "b", math: "total" }] as const;

  it("move, double and leave, but never all of them", () => {
    expect(act([a, b], 1, "up")).toEqual([b, a]);
    expect(act([a], 0, "duplicate")).toEqual([a, a]);
    expect(act([a], 0, "remove")).toEqual([a]);
    expect(replaceAt([a, b], 0, b)).toEqual([b, b]);
  });
});
