/** Questions kept through the API open as what they ask, and not as what a new report would. */
import { describe, expect, it } from "vitest";

import { EVENTS } from "../events/plan";
import { FUNNEL } from "../funnels/kind";
import { GROWTH } from "../growth/plan";
import { PATHS } from "../paths/kind";
import { RETENTION } from "../retention/kind";
import { rangeName } from "../shared/periods";
import { STICKINESS } from "../stickiness/plan";
import { TRENDS } from "../trends/kind";
import { planRequest, planSaved, readSaved, type InsightKind } from "./kind";
import type { InsightSearch } from "./search";

const NOW = new Date("2026-11-20T12:00:00Z");

type Fields = Readonly<Record<string, unknown>>;

function asked<State extends InsightSearch>(kind: InsightKind<State>, kept: Fields) {
  return planRequest(kind, readSaved(kind, kept), "UTC", NOW);
}

describe("the period of a kept question", () => {
  const kept = { kind: "trends", series: [{ event: "paid" }] };

  it.each(["-12w", "-30d", "-45d", "-48h", "all"])("keeps a start of %s, which moves on", (date_from) => {
    const state = readSaved(TRENDS, { ...kept, date_from });
    expect(planRequest(TRENDS, state, "UTC", NOW)).toMatchObject({ date_from });
    expect(planSaved(TRENDS, state, "UTC", NOW)).toMatchObject({ date_from });
  });

  it("has the server's start and interval where it has none", () => {
    expect(asked(TRENDS, kept)).toMatchObject({ date_from: "-7d" });
    expect(asked(TRENDS, { ...kept, date_from: "-300d" })).toMatchObject({ interval: "day" });
  });

  it("goes on until now where it has no end", () => {
    expect(asked(TRENDS, { ...kept, date_from: "2026-10-01" })).not.toHaveProperty("date_to");
    expect(asked(TRENDS, { ...kept, date_from: "-8w", date_to: "-4w" })).toMatchObject({ date_from: "-8w", date_to: "-4w" });
  });

  it("has a name", () => {
    expect(rangeName({ range: "custom", from: "-12w" })).toBe("Since 12 weeks ago");
    expect(rangeName({ range: "custom", from: "-1d" })).toBe("Since 1 day ago");
    expect(rangeName({ range: "custom", from: "2026-10-01" })).toBe("Since 1 Oct 2026");
    expect(rangeName({ range: "custom", from: "all" })).toBe("All time");
  });

  it("is the usual one beside a curve that has none", () => {
    expect(readSaved(GROWTH, { kind: "power_users", window: 7 })).toMatchObject({ range: "30d", window: 7 });
  });

  it("of retention without a start is its number of cohorts", () => {
    expect(asked(RETENTION, { kind: "retention", period: "week" })).toMatchObject({ date_from: "-7w", intervals: 8 });
  });
});

describe("a kept question", () => {
  it("counts people where it says so by another name", () => {
    const series = [{ event: "a", math: "dau" }, { event: "a", math: "p90_count_per_person" }, { event: "a", math: "hogql", math_hogql: "max(bot)" }];
    const { series: read } = readSaved(TRENDS, { kind: "trends", series });
    expect(read?.map((one) => one.math)).toEqual(["unique", "p90_count_per_actor", "sql"]);
    expect(read?.[2]?.sql).toBe("max(bot)");
  });

  it("has as many values and lines as the server takes where it says nothing", () => {
    expect(asked(TRENDS, { kind: "trends", series: [{ event: "a" }], breakdown: ["plan"] })).toMatchObject({ breakdown_limit: 25 });
    expect(asked(FUNNEL, { kind: "funnel", steps: [{ event: "a" }, { event: "b" }], breakdown: ["plan"] })).toMatchObject({ breakdown_limit: 25 });
    expect(asked(EVENTS, { kind: "top_events" })).toMatchObject({ limit: 10 });
    expect(asked(PATHS, { kind: "paths" })).toMatchObject({ edge_limit: 50 });
  });

  it("of stickiness may name one event", () => {
    expect(asked(STICKINESS, { kind: "stickiness", event: "paid" })).toMatchObject({ series: [{ event: "paid" }] });
  });

  it("says what the page cannot show", () => {
    const words = <State extends InsightSearch>(kind: InsightKind<State>, query: Fields) => (kind.unshown?.(query) ?? []).filter(Boolean);
    expect(words(RETENTION, { value: { math: "sum", property: "amount" }, mean: "simple" })).toEqual(["amounts", "the simple mean"]);
    expect(words(RETENTION, { aggregate_by: "person", mean: "weighted" })).toEqual([]);
    expect(words(STICKINESS, { criteria: { operator: "exact", value: 2 }, interval_count: 2 })).toHaveLength(2);
    expect(words(STICKINESS, { criteria: { value: 2 } })).toEqual([]);
    expect(words(FUNNEL, { exclusions: [{ event: "a", filters: [{ property: "b", value: "c" }] }] })).toHaveLength(1);
    expect(words(PATHS, { include: ["$pageview", { sql: "event" }] })).toHaveLength(1);
  });
});
