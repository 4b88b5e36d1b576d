import { describe, expect, it } from "vitest";

import { pathsOf } from "../funnels/rules";
import { validateFunnelSearch } from "../funnels/search";
import { readSaved } from "../insight/kind";
import { PATHS } from "./kind";
import { describePaths, edgeLines, nameOfKey, pathsTitle, planPaths, type PathsResult } from "./plan";
import { placePaths } from "./sankey";
import { validatePathsSearch } from "./search";

const result: PathsResult = {
  nodes: [
    { id: "1_/", name: "/", step: 1, value: 4 },
    { id: "2_/a_b", name: "/a_b", step: 2, value: 3 },
    { id: "2_/c", name: "/c", step: 2, value: 1 },
  ],
  edges: [
    { source: "1_/", target: "2_/a_b", value: 3, average_seconds: 5 },
    { source: "1_/", target: "2_/c", value: 1, average_seconds: 9 },
  ],
  drop_offs: [{ node: "2_/a_b", value: 3, rate: 1 }],
  common: [{ path: ["/", "/a_b"], value: 3 }],
};

describe("planPaths", () => {
  it("leaves room between a start and an end", () => {
    expect(planPaths({ start: "/", end: "/c", step_limit: 2 })).toMatchObject({ include: ["$pageview"], step_limit: 3 });
    expect(planPaths(validatePathsSearch({ within: { funnel: { steps: ["a", "b"] } }, step_limit: 2 }))).toMatchObject({ step_limit: 3 });
  });
});

describe("paths within a funnel", () => {
  const of = { steps: [{ event: "seen" }, { event: "tried", optional: true }, { event: "bought" }], aggregate_by: "session", window: { value: 2, unit: "hour" } };

  it("are of people, between steps unless said, and with the events of the steps", () => {
    const search = validatePathsSearch({ within: { funnel: of } });
    const planned = planPaths(search);
    expect(planned).toMatchObject({ include: ["$pageview", "custom_event"], within: { part: "between", step: 2, outcome: "converted", funnel: { window: { value: 2, unit: "hour" } } } });
    expect(planned.within?.funnel).not.toHaveProperty("aggregate_by");
    expect(pathsTitle(search)).toBe("Paths from seen to bought");
  });

  it("ask for nothing the server refuses", () => {
    expect(validatePathsSearch({ within: { funnel: of, part: "between", step: 0, outcome: "dropped" } }).within).toMatchObject({ step: 1, outcome: "converted" });
    expect(validatePathsSearch({ within: { funnel: of, part: "after", step: 9, outcome: "dropped" } }).within).toMatchObject({ step: 2, outcome: "dropped" });
    expect(PATHS.isComplete?.(validatePathsSearch({ within: { funnel: { steps: ["seen"] } } }))).toBe(false);
  });

  it("are reached from the funnel's table", () => {
    const funnel = validateFunnelSearch({ ...of, range: "7d", breakdown: ["plan"] });
    const search = validatePathsSearch(pathsOf(funnel, 2, "dropped"));
    expect(search).toMatchObject({ range: "7d", within: { part: "after", step: 2, outcome: "dropped" } });
    expect(pathsTitle(search)).toBe("Paths after seen of those who left before bought");
    expect(validatePathsSearch(pathsOf(funnel, 0, "converted")).within).toMatchObject({ part: "after", step: 0 });
  });

  it("are kept as they are asked, with the steps that the server takes by itself", () => {
    const kept = readSaved(PATHS, { kind: "paths", within: { funnel: of, part: "after", step: 0 } });
    expect(kept).toMatchObject({ include: ["$pageview"], within: { part: "after", step: 0, outcome: "converted" } });
  });
});

describe("keys", () => {
  it("hold a step and a name that may have lines of its own", () => {
    expect(nameOfKey("2_/a_b")).toBe("/a_b");
    expect(edgeLines(result)[1]).toEqual([1, "/", "/a_b", 3, 5]);
    expect(describePaths(result)).toBe("Paths. The most frequent ways: / to /a_b 3; / to /c 1.");
  });
});

describe("placePaths", () => {
  const placed = placePaths(result, 600);

  it("makes heights proportional to numbers", () => {
    const [first, second, third] = placed.nodes;
    expect(first?.height).toBeCloseTo((second?.height ?? 0) + (third?.height ?? 0));
    expect(second?.endedHeight).toBe(second?.height);
  });

  it("uses the width there is, but keeps columns readable", () => {
    expect(placed.width).toBe(600);
    expect(placePaths(result, 100).width).toBe(280);
  });

  it("lets no two nodes of a step overlap", () => {
    const [, second, third] = placed.nodes;
    expect(third?.y).toBeGreaterThan((second?.y ?? 0) + (second?.height ?? 0));
  });
});
