import { describe, expect, it } from "vitest";

import { planRequest } from "../insight/kind";
import { seriesLines } from "../insight/seriesChart";
import { GROWTH, newestWhole, planAccounting, planAccountingTable, planLifecycle } from "./plan";

const NOW = new Date("2026-11-20T12:00:00Z");
const labels = ["2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z"];

describe("the question", () => {
  it("has a start only where the window is not its own", () => {
    expect(planRequest(GROWTH, {}, "UTC", NOW)).toMatchObject({ kind: "lifecycle", date_from: "-29d", interval: "day" });
    const power = planRequest(GROWTH, { tab: "power_users", window: 7 }, "UTC", NOW);
    expect(power).toEqual({ kind: "power_users", window: 7 });
  });
});

describe("planLifecycle", () => {
  it("keeps the order of statuses and leaves out what is switched off", () => {
    const series = ["new", "returning", "resurrecting", "dormant"].map((name) => ({ name, data: [1, -1] }));
    const chart = planLifecycle({ labels, series, incomplete_from: 1 }, { hidden: ["returning"] });
    expect(chart.series.map((one) => one.id)).toEqual(["new", "resurrecting", "dormant"]);
    expect(chart).toMatchObject({ kind: "stacked-bar", incompleteFrom: 1 });
  });
});

describe("planAccounting", () => {
  it("draws who churned below zero and reads the newest period that is over", () => {
    const result = { labels, series: [{ name: "churned", data: [3, 0] }], quick_ratio: [1, null], growth_rate: [2, null], incomplete_from: 1 };
    expect(planAccounting(result, {}).series.find((one) => one.id === "churned")?.data).toEqual([-3, 0]);
    expect(newestWhole(result)).toBe(0);
  });

  it("has the whole and the rates in its table", () => {
    const result = { labels, series: [{ name: "active", data: [5, 4] }], quick_ratio: [1, null], growth_rate: [2, null] };
    const [head, line] = seriesLines(planAccountingTable(result, {}));
    expect(head).toEqual(["Date", "Active", "New", "Retained", "Resurrected", "Churned", "Growth (%)", "Quick ratio"]);
    expect([line?.[1], line?.[6], line?.[7]]).toEqual([5, 2, 1]);
  });
});
