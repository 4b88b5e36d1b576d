import { describe, expect, it } from "vitest";

import { Novelty, writeValue } from "./plan";

describe("Novelty", () => {
  it("takes the first list as known and marks only what joins it", () => {
    const novelty = new Novelty();
    expect([...novelty.update(["a", "b"])]).toEqual([]);
    expect([...novelty.update(["c", "a"])]).toEqual(["c"]);
    expect([...novelty.update(["c", "a"])]).toEqual(["c"]);
    expect([...novelty.update(["d", "c"])]).toEqual(["d"]);
  });
});

describe("writeValue", () => {
  it("writes text as it is and the rest as JSON", () => {
    expect([writeValue("x"), writeValue([1]), writeValue(null)]).toEqual(["x", "[1]", "null"]);
  });
});
