import { describe, expect, it } from "vitest";

import { differs, planRequest, planSaved, readSaved } from "../insight/kind";
import type { StepsResult } from "./answers";
import { FUNNEL } from "./kind";
import { describeFunnel, planFunnel, planLines, planPoint, planTimeChart, planTrendChart, stepsLines } from "./plan";
import { validateFunnelSearch } from "./search";
import { actOn, keptExclusions } from "./steps";

const NOW = new Date("2026-11-20T12:00:00Z");
const search = validateFunnelSearch({
  steps: [{ event: "visit" }, { event: "sign up", optional: true }, { event: "pay", filters: [{ type: "event", property: "plan", operator: "exact", value: "pro" }] }],
  window: { value: 2, unit: "week" },
  breakdown: [{ type: "event", property: "plan" }],
});

const step = (name: string, count: number, from: number, previous: number, lost: number) => ({ name, event: name, count, conversion_from_first: from, conversion_from_previous: previous, drop_off: lost, median_seconds: 60, mean_seconds: 90 });
const result: StepsResult = {
  steps: [step("visit", 10, 100, 100, 0), step("pay", 4, 40, 40, 6)],
  bottleneck: 1,
  breakdowns: [
    { breakdown: ["pro"], steps: [step("visit", 6, 100, 100, 0)] },
    { breakdown: ["(none)"], is_other: true, steps: [step("visit", 4, 100, 100, 0)] },
  ],
};

describe("planFunnel", () => {
  it("asks with the fields of the address", () => {
    expect(planFunnel(search)).toMatchObject({ kind: "funnel", view: "steps", window: { value: 2, unit: "week" }, breakdown_limit: 5 });
    expect(planFunnel(search).steps[1]).toEqual({ event: "sign up", name: "sign up", optional: true });
  });

  it("leaves the breakdown out where the view has none, and the interval where there are no buckets", () => {
    expect(planFunnel({ ...search, view: "time_to_convert" })).not.toHaveProperty("breakdown");
    expect(planRequest(FUNNEL, search, "UTC", NOW)).not.toHaveProperty("interval");
    expect(planRequest(FUNNEL, { ...search, view: "trend" }, "UTC", NOW)).toHaveProperty("interval", "day");
  });

  it("waits for a second step", () => {
    expect(FUNNEL.isComplete?.({})).toBe(false);
    expect(FUNNEL.isComplete?.(search)).toBe(true);
  });

  it("opens a kept funnel as it was", () => {
    const kept = planSaved(FUNNEL, search, "UTC", NOW);
    const opened = readSaved(FUNNEL, kept);
    expect(opened.steps?.map((one) => one.event)).toEqual(["visit", "sign up", "pay"]);
    expect(differs(FUNNEL, opened, kept)).toBe(false);
  });
});

describe("the bars", () => {
  it("are one a value of the breakdown, or one for everybody", () => {
    expect(planLines(result, search).map((line) => line.name)).toEqual(["pro", "Other"]);
    expect(planLines({ steps: result.steps }, search).map((line) => line.name)).toEqual(["Everybody"]);
  });

  it("lead to people by step, outcome and value", () => {
    const [pro, other] = planLines(result, search);
    expect(pro && planPoint(pro, 1, "dropped")).toEqual({ step: 1, outcome: "dropped", breakdown: ["pro"] });
    expect(other && planPoint(other, 0, "converted")).toMatchObject({ is_other: true });
  });

  it("are told in words and lines", () => {
    expect(describeFunnel(result)).toBe("Funnel. visit: 10; pay: 4, 40% of the step before.");
    expect(stepsLines(planLines({ steps: result.steps }, search))[2]).toEqual(["Everybody", 2, "pay", 4, 40, 40, 6, 60, 90]);
  });
});

describe("the times", () => {
  it("name both ends of every bin", () => {
    expect(planTimeChart({ bins: [[0, 3], [60, 1]], average: 30, median: 20 }).labels).toEqual(["0–1m", "1m–2m"]);
  });
});

describe("steps", () => {
  const steps = search.steps ?? [];

  it("never begin with an optional one", () => {
    expect(actOn(steps, 1, "up")[0]).toMatchObject({ event: "sign up", optional: undefined });
    expect(actOn(steps, 0, "remove")[0]).toMatchObject({ event: "sign up", optional: undefined });
  });

  it("take along only exclusions that still make sense", () => {
    expect(keptExclusions([{ event: "pay", from_step: 0, to_step: 2 }], steps)).toBeUndefined();
    expect(keptExclusions([{ event: "leave", from_step: 0, to_step: 5 }], steps)).toEqual([{ event: "leave", from_step: 0, to_step: 2 }]);
  });
});

describe("planTrendChart", () => {
  it("draws no rate where nobody started", () => {
    const series = [{ name: "visit → pay", data: [50, 0, 0], reached_from: [4, 0, 3], reached_to: [2, 0, 0] }];
    expect(planTrendChart({ labels: ["2026-11-18", "2026-11-19", "2026-11-20"], series }, search).series[0]?.data).toEqual([50, null, 0]);
  });
});
