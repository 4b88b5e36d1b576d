import { expect, it } from "vitest";

import { notesByBucket } from "./noteBuckets";
import { noteMoment, withNotes } from "./notes";
import type { ChartSpec } from "./spec";

const DAYS: ChartSpec = { title: "Visits", kind: "line", interval: "day", labels: ["2026-11-01T00:00:00+01:00", "2026-11-02T00:00:00+01:00"], series: [] };

it("puts notes into the bucket of their wall clock", () => {
  const spec = withNotes(DAYS, [{ at: "2026-11-02", text: "Release" }, { at: "2026-11-02 23:30:00", text: "Outage" }, { at: "2026-11-03", text: "Later" }]);
  expect([...notesByBucket(spec)].map(([index, notes]) => [index, notes.map((note) => note.text)])).toEqual([[1, ["Release", "Outage"]]]);
});

it("leaves charts over plain values alone", () => {
  const spec: ChartSpec = { ...DAYS, interval: "value", labels: ["1", "2"] };
  expect(withNotes(spec, [{ at: "2026-11-02", text: "Release" }])).toBe(spec);
});

it("takes a bucket's day, or its moment where a day has several", () => {
  expect(noteMoment("2026-11-02T00:00:00+01:00", "week")).toBe("2026-11-02");
  expect(noteMoment("2026-11-02T14:00:00+01:00", "hour")).toBe("2026-11-02T14:00:00+01:00");
});
