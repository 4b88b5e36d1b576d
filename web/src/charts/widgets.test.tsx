import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { BarList, share } from "./BarList";
import { judge } from "./Change";
import { KpiStrip, type Kpi } from "./KpiStrip";
import { sparklinePath } from "./Sparkline";
import { stepTo } from "./usePointer";

const cells: Kpi[] = [
  { id: "people", label: "People", value: 1200, previous: 1000, direction: "up", definition: "d" },
  { id: "errors", label: "Errors", value: 12, previous: 10, direction: "down", definition: "d" },
];

describe("KpiStrip", () => {
  it("is the tab bar of its chart, by mouse and by arrow keys", async () => {
    const onSelect = vi.fn();
    render(<KpiStrip cells={cells} selected="people" onSelect={onSelect} controls="chart" />);
    await userEvent.click(screen.getByRole("tab", { name: /Errors/ }));
    screen.getByRole("tab", { name: /People/ }).focus();
    await userEvent.keyboard("{ArrowRight}");
    expect(onSelect.mock.calls).toEqual([["errors"], ["errors"]]);
  });

  it("judges a rise by what the figure means", () => {
    expect([judge(0.2, "up"), judge(0.2, "down"), judge(0.2, "none"), judge(0, "up")]).toEqual(["good", "bad", "neutral", "neutral"]);
  });
});

describe("BarList", () => {
  it("makes every row a filter", async () => {
    const onPick = vi.fn();
    render(<BarList rows={[{ key: "/a", label: "/a", text: "/a", value: 3 }]} noun="Page" valueName="People" onPick={onPick} />);
    await userEvent.click(screen.getByRole("button", { name: /Filter by it/ }));
    expect(onPick.mock.calls[0]?.[0]).toMatchObject({ key: "/a" });
  });

  it("keeps a small value visible", () => {
    expect([share(0, 10), share(1, 100_000), share(10, 10)]).toEqual([0, 0.005, 1]);
  });
});

describe("sparklinePath", () => {
  it("starts anew after a gap", () => {
    expect(sparklinePath([0, 1, null, 1], 32, 12)).toBe("M1 11L11 1M31 1");
  });
});

describe("stepTo", () => {
  it("walks the buckets and stops at the ends", () => {
    expect([stepTo("ArrowLeft", null, 5), stepTo("ArrowLeft", 4, 5), stepTo("ArrowRight", 4, 5), stepTo("a", 1, 5)]).toEqual([4, 3, 4, null]);
  });
});
