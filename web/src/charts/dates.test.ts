import { describe, expect, it } from "vitest";

import { formatAge, formatBucket, formatBucketLong, formatDateRange } from "./dates";

const LABEL = "2026-11-20T14:00:00+13:00";

describe("formatBucket", () => {
  it("reads the wall clock of the label, whatever zone the reader is in", () => {
    expect(formatBucket(LABEL, "hour")).toBe("14:00");
    expect(formatBucket(LABEL, "day")).toBe("20 Nov");
    expect(formatBucket(LABEL, "month")).toBe("Nov 26");
  });

  it("names the day at midnight of an hourly axis", () => {
    expect(formatBucket("2026-11-21T00:00:00+13:00", "hour")).toBe("21 Nov");
  });
});

describe("formatBucketLong", () => {
  it("says where a bucket ends", () => {
    expect(formatBucketLong(LABEL, "hour")).toBe("Fri 20 Nov 2026, 14:00–15:00");
    expect(formatBucketLong("2026-11-16T00:00:00Z", "week")).toBe("Week of 16 Nov – 22 Nov 2026");
  });
});

describe("formatDateRange", () => {
  it("does not repeat what both days share", () => {
    expect(formatDateRange("2026-11-01", "2026-11-20").replace(/\s/g, " ")).toBe("1 – 20 Nov 2026");
  });
});

describe("a range of hours", () => {
  it("says from when to when", () => {
    expect(formatDateRange("2026-11-20T09:00", "2026-11-20T11:00").replace(/\s/g, " ")).toBe("20 Nov, 09:00–11:00");
  });
});

describe("formatAge", () => {
  it("grows with the age", () => {
    const now = new Date("2026-11-20T12:00:00Z");
    const ages = [2, 40, 150, 7_200].map((seconds) => formatAge(new Date(now.getTime() - seconds * 1000), now));
    expect(ages).toEqual(["just now", "40 s ago", "2 min ago", "2 h ago"]);
  });
});
