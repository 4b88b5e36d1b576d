import { describe, expect, it } from "vitest";

import { withOwn } from "./choices";

describe("choices of a number", () => {
  it("have the one that is chosen, in its place", () => {
    expect(withOwn([5, 10, 25], 7)).toEqual([5, 7, 10, 25]);
    expect(withOwn([5, 10, 25], 10)).toEqual([5, 10, 25]);
  });
});
