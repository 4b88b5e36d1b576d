import { describe, expect, it } from "vitest";

import { placeAnnotation, planOption } from "./option";
import type { ChartSpec } from "./spec";
import { describeChart } from "./summary";
import type { ChartTheme } from "./theme";

const colour = (n: number) => `rgba(${n},0,0,1)`;
const theme: ChartTheme = {
  series: { 1: colour(1), 2: colour(2), 3: colour(3), 4: colour(4), 5: colour(5), 6: colour(6), other: colour(7) },
  text: colour(8),
  grid: colour(9),
  axis: colour(10),
  surface: colour(11),
  font: "sans-serif",
};

const week: ChartSpec = {
  title: "Page views",
  kind: "line",
  interval: "day",
  labels: ["2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"].map((day) => `${day}T00:00:00Z`),
  series: [{ id: "A", name: "Page views", colour: 1, data: [4, null, 6, 1], previous: [3, 3, 3, 3] }],
  incompleteFrom: 3,
};

interface DrawnSeries {
  id: string;
  type: string;
  data: unknown[];
  smooth?: boolean;
  lineStyle?: { type?: unknown; color: string };
}

function drawn(spec: ChartSpec): DrawnSeries[] {
  return planOption(spec, theme, 800).series as DrawnSeries[];
}

describe("planOption", () => {
  it("draws straight lines, keeps gaps, and dots a value between two gaps", () => {
    const line = drawn(week).find((one) => one.id === "A");
    expect(line?.smooth).toBe(false);
    expect(line?.data).toEqual([{ value: 4, symbol: "circle", symbolSize: 6 }, null, { value: 6, symbol: "circle", symbolSize: 6 }, null]);
  });

  it("dashes the unfinished bucket from the last finished one on", () => {
    const open = drawn(week).find((one) => one.id === "A:open");
    expect(open?.data).toEqual([null, null, 6, 1]);
    expect(open?.lineStyle?.type).toEqual([5, 4]);
  });

  it("draws the period before in the same hue at 40 %, dashed", () => {
    const before = drawn(week).find((one) => one.id === "A:previous");
    expect(before?.lineStyle).toMatchObject({ color: "rgba(1,0,0,0.4)", type: [4, 4] });
  });

  it("puts the period before beside its bar, not behind it", () => {
    expect(drawn({ ...week, kind: "bar" }).map(({ id, type }) => [id, type])).toEqual([["A:previous", "bar"], ["A", "bar"]]);
  });

  it("leaves the period before out of a stack", () => {
    expect(drawn({ ...week, kind: "stacked-bar" }).map((one) => one.id)).toEqual(["A"]);
  });
});

describe("placeAnnotation", () => {
  it("puts a moment in its bucket and drops one outside", () => {
    expect(placeAnnotation({ at: "2026-11-18T15:00:00Z", text: "v2" }, week)).toEqual([{ name: "v2", xAxis: 1 }]);
    expect(placeAnnotation({ at: "2026-12-01T00:00:00Z", text: "v3" }, week)).toEqual([]);
  });
});

describe("describeChart", () => {
  it("says the extremes of what is over, not of the unfinished bucket", () => {
    expect(describeChart(week)).toBe(
      "Page views, by day, from Tue 17 Nov 2026 to Fri 20 Nov 2026. " +
        "Page views: highest 6 on Thu 19 Nov 2026, lowest 4 on Tue 17 Nov 2026, +50% from first to last.",
    );
  });
});
