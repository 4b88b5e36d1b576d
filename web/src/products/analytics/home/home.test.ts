import { describe, expect, it } from "vitest";

import type { TrendsResult } from "../shared/answers";
import { BY_VIEWS, planFigures, planHomeChart, planKpis, planPanel } from "./plan";

const figures = (people: number, events: number) => ({ people, events });

function answerOf(now: ReturnType<typeof figures>, before: ReturnType<typeof figures>): TrendsResult {
  const series = (value: number, previous: number) => ({ name: "s", data: [value], total: value, previous: [previous], previous_total: previous });
  return {
    labels: ["2026-11-20T00:00:00Z"],
    series: [series(now.people, before.people), series(now.events, before.events), series(0, 0), series(0, 0)],
  };
}

describe("planKpis", () => {
  it("works out events per person for both periods", () => {
    const kpi = planKpis(answerOf(figures(4, 10), figures(2, 4))).find((one) => one.id === "per_person");
    expect(kpi).toMatchObject({ value: 2.5, previous: 2 });
  });

  it("has no ratio where nobody came", () => {
    expect(planKpis(answerOf(figures(0, 0), figures(2, 4))).find((one) => one.id === "per_person")?.value).toBeNull();
  });
});

describe("planHomeChart", () => {
  it("shows a gap, not a zero, where there is no ratio", () => {
    expect(planHomeChart(answerOf(figures(0, 0), figures(1, 1)), "per_person", {}).series[0]?.data).toEqual([null]);
  });
});

describe("planPanel", () => {
  it("asks for one bucket's worth of the same days and filters", () => {
    const request = planFigures({ range: "7d" }, [], "UTC", new Date("2026-11-20T12:00:00Z"));
    expect(planPanel("$pathname", request)).toMatchObject({ date_from: "-6d", breakdown: [{ property: "$pathname" }], interval: "month" });
  });

  it("ranks pages by their views", () => {
    const request = planFigures({}, [], "UTC", new Date("2026-11-20T12:00:00Z"));
    expect(planPanel("$pathname", request, BY_VIEWS).series).toEqual([{ event: "$pageview", math: "total" }]);
  });
});
