import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { Plot } from "./ChartCanvas";
import { ChartTooltip, tooltipRows } from "./ChartTooltip";
import type { ChartSpec } from "./spec";

const plot: Plot = { left: 0, width: 10, top: 0, bottom: 100, centre: (index) => index * 10, bucketAt: () => 0, valueAt: () => 0 };
const series = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `${n}`, name: `line ${n}`, colour: 1 as const, data: [n, null] }));
const spec = (count: number): ChartSpec => ({ title: "t", kind: "line", interval: "day", labels: ["2026-11-19", "2026-11-20"], series: series(count), incompleteFrom: 1 });

describe("tooltipRows", () => {
  it("keeps the order of the legend while all fit, and the tallest when they do not", () => {
    expect(tooltipRows(spec(3), 0).shown.map((one) => one.id)).toEqual(["0", "1", "2"]);
    const many = tooltipRows(spec(12), 0);
    expect([many.shown[0]?.id, many.hidden]).toEqual(["11", 2]);
  });
});

describe("ChartTooltip", () => {
  it("tells a gap and an unfinished bucket", () => {
    render(<ChartTooltip spec={spec(1)} plot={plot} index={1} />);
    expect(screen.getByRole("status")).toHaveTextContent("Fri 20 Nov 2026Not over yetline 0no data");
  });
});
