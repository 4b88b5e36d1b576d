import { expect, test } from "vitest";

import { formatDateTime, formatDuration, formatNumber, formatPercent, formatRelative } from "./format";

test("numbers are grouped and what is missing is a dash", () => {
  expect([formatNumber(412904), formatNumber(0.256), formatNumber(null), formatNumber(Number.NaN)]).toEqual(["412,904", "0.26", "–", "–"]);
});

test("a share too small to show is not zero", () => {
  expect([formatPercent(0.1234), formatPercent(0.000029, 2), formatPercent(0)]).toEqual(["12.3%", "<0.01%", "0%"]);
});

test("times are shown in the project's zone", () => {
  expect(formatDateTime("2026-11-20T23:30:00Z", "Europe/Berlin")).toBe("21 Nov 2026, 00:30");
});

test("how long ago", () => {
  const now = Date.parse("2026-11-20T12:00:00Z");
  expect(formatRelative("2026-11-20T11:59:58Z", now)).toBe("just now");
  expect(formatRelative("2026-11-20T11:57:00Z", now)).toBe("3 minutes ago");
  expect(formatRelative("2026-11-19T11:00:00Z", now)).toBe("yesterday");
});

test("durations", () => {
  expect([formatDuration(0.35), formatDuration(2.44), formatDuration(200), formatDuration(7260)]).toEqual(["350 ms", "2.4 s", "3 min 20 s", "2 h 1 min"]);
});
