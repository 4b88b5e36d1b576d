import { describe, expect, it } from "vitest";

import { readRules } from "../funnels/rules";
import { differs, planRequest, planSaved, readSaved } from "../insight/kind";
import type { JourneyProgress, JourneySession, SessionEvent } from "./answers";
import { describeProgress, JOURNEY, journeyLines, journeyName, planVisits, sinceStepBefore } from "./plan";
import { validateJourneySearch } from "./search";

const NOW = new Date("2026-11-20T12:00:00Z");
const steps = [{ event: "$pageview" }, { event: "bought" }];
const of5 = validateJourneySearch({ person: 5, range: "7d", funnel: { kind: "funnel", view: "trend", steps, order: "strict", breakdown: ["plan"] } });

function event(uuid: string, time: string, name = "$pageview", session = "7"): SessionEvent {
  return { uuid, event: name, timestamp: `2026-11-20T${time}Z`, distinct_id: "alice", session, session_id: "", url: "", path: "/", properties: {} };
}

const SESSION = { session: "7", duration_seconds: 60 } as JourneySession;

describe("the question", () => {
  it("needs somebody", () => {
    expect(JOURNEY.isComplete?.(validateJourneySearch({}))).toBe(false);
    expect(JOURNEY.isComplete?.(validateJourneySearch({ distinct_id: "alice" }))).toBe(true);
  });

  it("is named after whom it is about, as well as is known", () => {
    expect(journeyName(validateJourneySearch({}))).toBe("Journey of somebody");
    expect(journeyName(validateJourneySearch({ distinct_id: "alice" }))).toBe("Journey of alice");
    expect(journeyName(of5)).toBe("Journey of person 5: Page view → bought");
    expect(journeyName(of5, "Ann")).toBe("Journey of Ann: Page view → bought");
  });

  it("takes of a saved funnel what says who converts", () => {
    expect(of5.funnel).toEqual({ steps: [{ event: "$pageview" }, { event: "bought" }], order: "strict" });
    expect(planRequest(JOURNEY, of5, "UTC", NOW)).toMatchObject({ kind: "person_journey", person: 5, date_from: "-6d", funnel: { order: "strict", steps: [{ event: "$pageview" }, { event: "bought" }] } });
  });

  it("leaves out a funnel of one step", () => {
    const state = { ...of5, funnel: readRules({ steps: ["bought"] }) };
    expect(planRequest(JOURNEY, state, "UTC", NOW)).not.toHaveProperty("funnel");
  });

  it("comes back from what was saved", () => {
    const state = { ...of5, funnel: { ...of5.funnel, filters: [{ type: "person" as const, property: "plan", operator: "exact" as const, value: "pro" }] } };
    const kept = planSaved(JOURNEY, state, "UTC", NOW);
    expect(differs(JOURNEY, state, kept)).toBe(false);
    expect(readSaved(JOURNEY, kept)).toMatchObject({ person: 5, funnel: state.funnel });
  });
});

describe("visits", () => {
  const events = [event("1", "10:00:00"), event("2", "10:00:30"), event("3", "10:00:40", "$pageview", "8"), event("4", "10:02:00", "bought")];

  it("are as long as events of one session follow one another", () => {
    const visits = planVisits(events, [SESSION]);
    expect(visits.map((visit) => [visit.session?.session, visit.isContinued, visit.gap, visit.events.map(({ gap }) => gap)])).toEqual([
      ["7", false, null, [null, 30]],
      [undefined, false, 10, [null]],
      ["7", true, 80, [null]],
    ]);
  });

  it("show which event reached which step", () => {
    const progress: JourneyProgress = { steps: [{ name: "Page view", reached_at: events[1]?.timestamp ?? "" }, { name: "bought", reached_at: events[3]?.timestamp ?? "" }], step_reached: 1, converted: true };
    const reached = planVisits(events, [], progress, steps).flatMap((visit) => visit.events.map((one) => one.steps));
    expect(reached).toEqual([[], [1], [], [2]]);
  });

  it("give each step its own event where several are of one moment", () => {
    const same = [event("1", "10:00:00", "bought"), event("2", "10:00:00"), event("3", "10:00:00")];
    const at = same[0]?.timestamp ?? "";
    const twice = [{ event: "$pageview" }, { event: "$pageview" }];
    const progress = { steps: [{ name: "Page view", reached_at: at }, { name: "Page view", reached_at: at }], step_reached: 1, converted: true };
    expect(planVisits(same, [], progress, twice)[0]?.events.map((one) => one.steps)).toEqual([[], [1], [2]]);
  });

  it("become lines with the pause before each event", () => {
    expect(journeyLines(planVisits(events, [])).slice(1).map(([time, gap]) => [time, gap])).toEqual([
      ["2026-11-20T10:00:00Z", null],
      ["2026-11-20T10:00:30Z", 30],
      ["2026-11-20T10:00:40Z", 10],
      ["2026-11-20T10:02:00Z", 80],
    ]);
  });
});

describe("how far somebody came", () => {
  const reached = (...times: (string | null)[]) => times.map((time, index) => ({ name: `step ${index + 1}`, reached_at: time && `2026-11-20T${time}Z` }));

  it("is said in a sentence", () => {
    expect(describeProgress({ steps: reached(null, null), step_reached: null, converted: false })).toBe("Did not start in this period.");
    expect(describeProgress({ steps: reached("10:00:00", "10:01:00", null), step_reached: 1, converted: false })).toBe("Reached step 2 of 3, in 1m, and stopped before step 3.");
    expect(describeProgress({ steps: reached("10:00:00", "12:00:00"), step_reached: 1, converted: true })).toBe("Went all the way, in 2h.");
  });

  it("counts from the last step that was reached", () => {
    const steps = reached("10:00:00", null, "10:05:00");
    expect([0, 1, 2].map((index) => sinceStepBefore(steps, index))).toEqual([null, null, 300]);
  });
});
