import { expect, test } from "vitest";

import { formatDateTime, formatRelative } from "./times";

test("times are shown in the project's zone", () => {
  expect(formatDateTime("2026-11-20T23:30:00Z", "Europe/Berlin")).toBe("21 Nov 2026, 00:30");
});

test("how long ago", () => {
  const now = Date.parse("2026-11-20T12:00:00Z");
  expect(formatRelative("2026-11-20T11:59:58Z", now)).toBe("just now");
  expect(formatRelative("2026-11-20T11:57:00Z", now)).toBe("3 minutes ago");
  expect(formatRelative("2026-11-19T11:00:00Z", now)).toBe("yesterday");
});
