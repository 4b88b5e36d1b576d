import { describe, expect, it } from "vitest";

import { fieldsOf, flag, listOf, oneOf, text, wholeNumber } from "./reading";

const read = fieldsOf({ view: oneOf(["line", "bar"] as const), on: flag, limit: wholeNumber(1, 100), names: listOf(text(), 2), day: text(/^\d{4}-\d\d-\d\d$/) });

describe("fieldsOf", () => {
  it("keeps what it can read", () => {
    const search = { view: "bar", on: false, limit: 5, names: ["a", "b"], day: "2026-11-20" };
    expect(read(search)).toEqual(search);
  });

  it("leaves out what it cannot, and what it does not know", () => {
    expect(read({ view: "pie", on: "yes", limit: 1.5, names: [7, ""], day: "today", other: 1 })).toEqual({});
  });

  it("cuts a list that is too long", () => {
    expect(read({ names: ["a", "b", "c"] })).toEqual({ names: ["a", "b"] });
  });
});
