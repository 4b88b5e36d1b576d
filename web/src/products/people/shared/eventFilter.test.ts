import { describe, expect, it } from "vitest";

import { fieldsOf } from "@/products/analytics/shared/reading";

import { eventFilterSearch, isNarrowed, periodWords, planEvents } from "./eventFilter";

const read = fieldsOf(eventFilterSearch);

describe("the address of a timeline", () => {
  it("holds names and a period, and drops what cannot be read", () => {
    expect(read({ event: ["purchase", 7], from: "-6d", to: "2026-11-20" })).toEqual({ event: ["purchase"], from: "-6d", to: "2026-11-20" });
    expect(read({ event: "purchase" })).toEqual({ event: ["purchase"] });
    expect(read({ event: [], from: "yesterday", to: "-6d" })).toEqual({});
  });

  it("is narrowed by any of them", () => {
    expect(isNarrowed({})).toBe(false);
    expect([{ event: ["a"] }, { from: "-0d" }, { to: "2026-11-20" }].every(isNarrowed)).toBe(true);
  });

  it("is asked in the server's words", () => {
    expect(planEvents({ event: ["a", "b"], from: "-6d" })).toEqual({ event: ["a", "b"], date_from: "-6d", date_to: undefined });
  });
});

it.each([
  [{}, "All time"],
  [{ from: "-0d" }, "Today"],
  [{ from: "-29d" }, "Last 30 days"],
  [{ from: "-13d" }, "In the last 14 days"],
  [{ from: "2026-11-02" }, "Since 2 Nov 2026"],
  [{ to: "2026-11-20" }, "Until 20 Nov 2026"],
  [{ from: "2026-11-02", to: "2026-11-20" }, "2 – 20 Nov 2026"],
])("says the period of %o as %s", (filter, words) => {
  // With thin spaces or not, as the ICU at hand has it.
  expect(periodWords(filter).replaceAll(/\s+/g, " ")).toBe(words);
});
