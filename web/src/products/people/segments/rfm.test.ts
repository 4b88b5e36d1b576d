import { describe, expect, it } from "vitest";

import type { Rfm } from "@/api/segments";
import { differs, planRequest, planSaved, readSaved } from "@/products/analytics/insight/kind";

import { RFM, rfmLines, validateRfmSearch } from "./rfm";

const NOW = new Date("2026-11-20T12:00:00Z");
const state = validateRfmSearch({ event: "bought", property: "amount", filters: [{ type: "cohort", operator: "in", value: [3] }] });

describe("RFM", () => {
  it("asks about days, and about no other period", () => {
    expect(planRequest(RFM, validateRfmSearch({ event: "bought", range: "7d" }), "UTC", NOW)).toEqual({ kind: "rfm", event: "bought", days: 365 });
    expect(RFM.isComplete?.(validateRfmSearch({}))).toBe(false);
  });

  it("comes back from what was saved, filters too", () => {
    const kept = planSaved(RFM, state, "UTC", NOW);
    expect(kept).toMatchObject({ filters: [{ type: "cohort", operator: "in", value: [3] }] });
    expect(differs(RFM, state, kept)).toBe(false);
    expect(readSaved(RFM, kept)).toMatchObject({ event: "bought", property: "amount", days: 365 });
  });

  it("becomes lines, the named segments first", () => {
    const champions = { key: "champions", name: "Champions", people: 2, share: 0.33333, mean_count: 4, mean_money: 10, mean_days_since: 1 };
    const rfm: Rfm = { people: 6, segments: [champions], cells: [{ recency: 5, frequency: 5, segment: "champions", people: 2 }], monetary: null };
    expect(rfmLines(rfm).slice(1)).toEqual([["Champions", null, null, 2, 33.33, 4, 10, 1], ["Champions", 5, 5, 2, null, null, null, null]]);
  });
});
