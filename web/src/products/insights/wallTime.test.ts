import { expect, it } from "vitest";

import { dayWithin, wallTime } from "./wallTime";

it("keeps a day, and moves a moment to the zone's clock", () => {
  expect(wallTime({ date: "2026-11-02", at: "2026-11-01T23:00:00Z" }, "America/New_York")).toBe("2026-11-02");
  expect(wallTime({ date: "2026-11-02T23:30:00Z", at: "2026-11-02T23:30:00Z" }, "Europe/Berlin")).toBe("2026-11-03 00:30:00");
});

it("notes a week that begins before the report at the report's first day", () => {
  const from = "2026-11-03T23:00:00Z";
  expect(dayWithin("2026-11-02", from, "Europe/Berlin")).toBe("2026-11-04");
  expect(dayWithin("2026-11-09", from, "Europe/Berlin")).toBe("2026-11-09");
  expect(dayWithin("2026-11-02T14:00:00Z", from, "Europe/Berlin")).toBe("2026-11-02T14:00:00Z");
});
