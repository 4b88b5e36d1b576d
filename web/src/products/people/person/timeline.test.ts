import { describe, expect, it } from "vitest";

import type { PersonEvent } from "@/api/persons";

import { dayName, groupTimeline } from "./timeline";

function event(timestamp: string, session_id: string): PersonEvent {
  return { uuid: `${session_id}${timestamp}`, event: "$pageview", timestamp, distinct_id: "alice", session_id, url: "", path: "/", properties: {} };
}

describe("groupTimeline", () => {
  it("keeps the order and parts days and visits", () => {
    const days = groupTimeline([event("2026-11-20T10:05:00Z", "b"), event("2026-11-20T10:00:00Z", "b"), event("2026-11-20T08:00:00Z", "a"), event("2026-11-19T08:00:00Z", "z")], "UTC");
    expect(days.map(({ day, visits }) => [day, visits.map(({ session, events }) => `${session}${events.length}`)])).toEqual([
      ["2026-11-20", ["b2", "a1"]],
      ["2026-11-19", ["z1"]],
    ]);
    expect(days[0]?.visits[0]).toMatchObject({ from: "2026-11-20T10:00:00Z", to: "2026-11-20T10:05:00Z" });
  });

  it("begins days in the project's zone", () => {
    const days = groupTimeline([event("2026-11-19T23:30:00Z", "a")], "Europe/Berlin");
    expect(days[0]?.day).toBe("2026-11-20");
  });

  it("shows a visit that was interrupted by another as two", () => {
    const days = groupTimeline([event("2026-11-20T10:00:00Z", "a"), event("2026-11-20T09:59:00Z", "b"), event("2026-11-20T09:58:00Z", "a")], "UTC");
    expect(days[0]?.visits.map(({ session }) => session)).toEqual(["a", "b", "a"]);
    expect(new Set(days[0]?.visits.map(({ key }) => key)).size).toBe(3);
  });
});

it("names a day in full", () => {
  // With or without the comma, as the ICU at hand has it.
  expect(dayName("2026-11-20")).toMatch(/^Friday,? 20 November 2026$/);
});
