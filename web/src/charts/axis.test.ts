import { describe, expect, it } from "vitest";

import { heights, labelledBuckets, zeroScale } from "./axis";
import type { ChartSpec } from "./spec";

describe("zeroScale", () => {
  it("starts at zero and ends on a round tick above the highest value", () => {
    expect(zeroScale([812, 940, 877])).toEqual({ min: 0, max: 1000, step: 250 });
    expect(zeroScale([0.11, 0.34], "number")).toEqual({ min: 0, max: 0.4, step: 0.1 });
  });

  it("never puts half a person on the axis", () => {
    expect(zeroScale([1, 2]).step).toBe(1);
  });

  it("holds negative values too", () => {
    expect(zeroScale([-30, 90], "number")).toEqual({ min: -50, max: 100, step: 50 });
  });

  it("has ticks when everything is zero or missing", () => {
    expect(zeroScale([null, 0])).toEqual({ min: 0, max: 4, step: 1 });
  });
});

describe("heights", () => {
  it("counts stacked bars as one", () => {
    const spec: ChartSpec = {
      title: "t",
      kind: "stacked-bar",
      interval: "day",
      labels: ["2026-11-20"],
      series: [
        { id: "a", name: "a", colour: 1, data: [3] },
        { id: "b", name: "b", colour: 2, data: [4] },
      ],
    };
    expect(Math.max(...heights(spec).map((height) => height ?? 0))).toBe(7);
  });
});

describe("labelledBuckets", () => {
  it("puts labels on whole hours", () => {
    const labels = Array.from({ length: 24 }, (_, hour) => `2026-11-20T${String((hour + 5) % 24).padStart(2, "0")}:00:00Z`);
    const shown = labelledBuckets(labels, "hour", 6).map((index) => labels[index]?.slice(11, 13));
    expect(shown).toEqual(["06", "12", "18", "00"]);
  });

  it("labels every bucket that fits", () => {
    expect(labelledBuckets(["2026-11-19", "2026-11-20"], "day", 10)).toEqual([0, 1]);
  });
});
