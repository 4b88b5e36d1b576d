import { expect, it } from "vitest";

import { wallTime } from "./wallTime";

it("keeps a day, and moves a moment to the zone's clock", () => {
  expect(wallTime({ date: "2026-11-02", at: "2026-11-01T23:00:00Z" }, "America/New_York")).toBe("2026-11-02");
  expect(wallTime({ date: "2026-11-02T23:30:00Z", at: "2026-11-02T23:30:00Z" }, "Europe/Berlin")).toBe("2026-11-03 00:30:00");
});
