import { describe, expect, it } from "vitest";

import { readDefinition, writeDefinition } from "./definition";
import { faultOf, newCriterion, newGroup, withKind } from "./rules";

const BUYERS = { type: "behaviour", event: "purchase", count: { operator: "gte", value: 3 }, days: 30 };
const PRO = { type: "person", property: "plan", operator: "exact", value: "pro" };

function roundTrip(definition: Record<string, unknown>) {
  const read = readDefinition(definition);
  return read && writeDefinition(read);
}

describe("a definition goes to the builder and back unchanged", () => {
  it.each([
    ["two criteria", { and: [BUYERS, PRO] }],
    ["nested groups", { or: [{ and: [BUYERS, PRO] }, { and: [PRO] }] }],
    ["nobody of these", { not: { or: [BUYERS, PRO] } }],
    ["not all of these", { not: { and: [BUYERS, PRO] } }],
    ["any event, ever", { and: [{ type: "behaviour", event: null, count: { operator: "exact", value: 2 } }] }],
    ["filters of an event", { and: [{ ...BUYERS, filters: [{ type: "event", property: "plan", operator: "exact", value: "pro" }] }] }],
    ["first time", { and: [{ type: "first_time", event: "signup", days: 7 }] }],
    ["did not", { and: [{ type: "not_done", event: "login", days: 14 }] }],
    ["stopped", { and: [{ type: "stopped", event: "login", days: 14, before_days: 90 }] }],
    ["a sequence", { and: [{ type: "sequence", events: [{ event: "a" }, { event: "b" }], within: { value: 2, unit: "hour" }, days: 30 }] }],
    ["in a cohort and not in another", { and: [{ type: "cohort", value: 4 }, { not: { type: "cohort", value: 5 } }] }],
  ])("%s", (_, definition) => {
    expect(roundTrip(definition)).toEqual(definition);
  });

  it("a lone criterion becomes a group of one, which means the same", () => {
    expect(roundTrip(BUYERS)).toEqual({ and: [BUYERS] });
  });
});

describe("what the builder cannot show is not read", () => {
  it.each([
    ["groups of filters", { and: [{ ...BUYERS, filters: { or: [] } }] }],
    ["a filter of an unknown kind", { and: [{ ...BUYERS, filters: [{ type: "person" }] }] }],
    ["an unknown field", { and: [{ ...BUYERS, weekday: 3 }] }],
    ["an unknown kind", { and: [{ type: "astrology", sign: "leo" }] }],
    ["several cohorts", { and: [{ type: "cohort", value: [1, 2] }] }],
  ])("%s", (_, definition) => {
    expect(readDefinition(definition)).toBeNull();
  });
});

describe("faultOf", () => {
  it("is silent about a complete tree", () => {
    expect(faultOf(newGroup())).toBeNull();
  });

  it("names what is missing, however deep", () => {
    expect(faultOf(newGroup([newGroup([newCriterion({ kind: "cohort" })])]))).toBe("Choose a cohort.");
    expect(faultOf(newGroup([]))).toBe("A group has no criteria.");
    expect(faultOf(newGroup([newCriterion({ kind: "stopped", days: 30, beforeDays: 14 })]))).toMatch(/longer ago/);
  });

  it("asks for days only where there must be some", () => {
    expect(withKind(newCriterion({ days: null }), "first_time").days).toBe(30);
    expect(withKind(newCriterion({ days: null }), "not_done").days).toBeNull();
  });
});
