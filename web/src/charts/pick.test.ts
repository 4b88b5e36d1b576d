import { describe, expect, it } from "vitest";

import { nearestSeries } from "./pick";
import type { ChartSpec } from "./spec";

const spec = (kind: ChartSpec["kind"], data: (number | null)[]): ChartSpec => ({
  title: "x",
  kind,
  interval: "day",
  labels: ["2026-11-20T00:00:00Z"],
  series: data.map((value, index) => ({ id: "abc".charAt(index), name: "", colour: 1, data: [value] })),
});

describe("nearestSeries", () => {
  it("is the line nearest to the click, or the tallest for a key", () => {
    expect(nearestSeries(spec("line", [10, 50]), 0, 15)?.id).toBe("a");
    expect(nearestSeries(spec("line", [10, 50]), 0, Number.NaN)?.id).toBe("b");
    expect(nearestSeries(spec("line", [null]), 0, 15)).toBeUndefined();
  });

  it("is the piece of the stack that was hit, above and below zero", () => {
    const stack = spec("stacked-bar", [10, 20, -5]);
    expect([5, 25, 99, -3].map((value) => nearestSeries(stack, 0, value)?.id)).toEqual(["a", "b", "b", "c"]);
  });
});
