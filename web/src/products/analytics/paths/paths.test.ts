import { describe, expect, it } from "vitest";

import { describePaths, edgeLines, nameOfKey, planPaths, type PathsResult } from "./plan";
import { placePaths } from "./sankey";

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
