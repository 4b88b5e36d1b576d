import { describe, expect, it } from "vitest";

import { formatMoment, Novelty, planMinutes, writeValue } from "./plan";

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

describe("formatMoment", () => {
  it("adds the day to what is not of the last half day, in the project's zone", () => {
    const now = Date.parse("2026-11-20T12:00:00Z");
    expect(formatMoment("2026-11-20T11:59:58Z", "Europe/Berlin", now)).toBe("12:59:58");
    expect(formatMoment("2026-11-18T23:30:00Z", "Europe/Berlin", now)).toBe("19 Nov, 00:30");
  });
});

describe("planMinutes", () => {
  it("drops the minute the half hour began in", () => {
    const labels = Array.from({ length: 31 }, (_, minute) => `2026-11-20T12:${String(minute).padStart(2, "0")}:00Z`);
    const spec = planMinutes({ labels, series: [{ name: "Events", data: labels.map(() => 1), total: 31 }], incomplete_from: 30 });
    expect([spec.labels.length, spec.labels[0], spec.incompleteFrom]).toEqual([30, labels[1], 29]);
  });
});
