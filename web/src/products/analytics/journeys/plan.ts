/** From the state of the page of journeys to its question, and from the answer to visits and steps. */
import { formatNumber } from "@/lib/numbers";

import { stepName } from "../funnels/plan";
import { planRules, readRules } from "../funnels/rules";
import type { StepState } from "../funnels/search";
import type { CsvValue } from "../insight/csv";
import type { InsightKind } from "../insight/kind";
import { valueName } from "../shared/properties";
import type { JourneyProgress, JourneySession, JourneyStep, SessionEvent } from "./answers";
import { validateJourneySearch, type JourneySearch } from "./search";

/** The server takes no funnel of one step. */
const FEWEST_STEPS = 2;

export const JOURNEY: InsightKind<JourneySearch> = {
  title: "Journeys",
  validate: validateJourneySearch,
  plan: ({ person, distinct_id, funnel, limit }) => ({
    kind: "person_journey",
    ...(person === undefined ? { distinct_id } : { person }),
    ...(limit ? { limit } : {}),
    ...(funnel?.steps && funnel.steps.length >= FEWEST_STEPS ? { funnel: planRules(funnel) } : {}),
  }),
  read: (query) => ({ funnel: readRules(query.funnel) }),
  name: (search) => journeyName(search),
  hasInterval: () => false,
  isComplete: ({ person, distinct_id }) => person !== undefined || distinct_id !== undefined,
};

/** `called` is the person's name, once the server told it. */
export function journeyName({ person, distinct_id, funnel }: JourneySearch, called?: string): string {
  const whose = `Journey of ${called ?? distinct_id ?? (person === undefined ? "somebody" : `person ${person}`)}`;
  return funnel?.steps ? `${whose}: ${funnel.steps.map(stepName).join(" → ")}` : whose;
}

/** An event with the seconds since the one before it in the visit, and the steps of the funnel it reached, from 1. */
export interface JourneyEvent {
  readonly event: SessionEvent;
  readonly gap: number | null;
  readonly steps: readonly number[];
}

export interface Visit {
  readonly key: string;
  readonly session: JourneySession | undefined;
  /** Another visit, on another device say, came in between. */
  readonly isContinued: boolean;
  /** Seconds since the last event of the visit before. */
  readonly gap: number | null;
  readonly events: readonly JourneyEvent[];
}

/** Of events that are no part of a session. */
const NO_SESSION = "0";

/** Events in order of time to visits: each as long as events of one session follow one another. */
export function planVisits(events: readonly SessionEvent[], sessions: readonly JourneySession[], progress?: JourneyProgress, steps: readonly StepState[] = []): Visit[] {
  const reached = findSteps(events, progress?.steps ?? [], steps);
  const known = new Map(sessions.map((one) => [one.session, one]));
  const seen = new Set<string>();
  return splitVisits(events).map((own, index, all) => {
    const [first] = own;
    const session = first?.session ?? NO_SESSION;
    const isContinued = session !== NO_SESSION && seen.has(session);
    seen.add(session);
    return {
      key: first?.uuid ?? String(index),
      session: known.get(session),
      isContinued,
      gap: secondsBetween(all[index - 1]?.at(-1), first),
      events: own.map((event, place) => ({ event, gap: secondsBetween(own[place - 1], event), steps: reached.get(event.uuid) ?? [] })),
    };
  });
}

function splitVisits(events: readonly SessionEvent[]): SessionEvent[][] {
  const visits: SessionEvent[][] = [];
  for (const event of events) {
    const last = visits.at(-1);
    if (last?.[0]?.session === event.session) last.push(event);
    else visits.push([event]);
  }
  return visits;
}

function secondsBetween(one: SessionEvent | undefined, other: SessionEvent | undefined): number | null {
  return one && other ? (Date.parse(other.timestamp) - Date.parse(one.timestamp)) / 1000 : null;
}

/** Which event reached each step: the one at that moment whose name the step has; each no more than one step. */
function findSteps(events: readonly SessionEvent[], reached: readonly JourneyStep[], steps: readonly StepState[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  const fits = (event: SessionEvent, name: string | null | undefined) => !name || event.event === name;
  reached.forEach(({ name, reached_at }, index) => {
    // The steps of an unordered funnel have no events of their own, and names to tell so.
    const wanted = steps[index] && stepName(steps[index]) === name ? steps[index].event : null;
    const event = reached_at && events.find((one) => one.timestamp === reached_at && !found.has(one.uuid) && fits(one, wanted));
    if (event) found.set(event.uuid, [index + 1]);
  });
  return found;
}

/** How far somebody got, in a sentence. */
export function describeProgress({ steps, step_reached, converted }: JourneyProgress): string {
  if (step_reached === null) return "Did not start in this period.";
  const [begin, end] = [steps[0]?.reached_at, steps[step_reached]?.reached_at];
  const took = begin && end && end !== begin ? `, in ${formatNumber((Date.parse(end) - Date.parse(begin)) / 1000, "seconds")}` : "";
  if (converted) return `Went all the way${took}.`;
  return `Reached step ${step_reached + 1} of ${steps.length}${took}, and stopped before ${steps[step_reached + 1]?.name ?? "the next"}.`;
}

/** Seconds from the last step before that was reached; optional ones may have been skipped. */
export function sinceStepBefore(steps: readonly JourneyStep[], index: number): number | null {
  const before = steps.slice(0, index).findLast((step) => step.reached_at !== null)?.reached_at;
  const own = steps[index]?.reached_at;
  return before && own ? (Date.parse(own) - Date.parse(before)) / 1000 : null;
}

/** Where a visit came from and what it was made with. */
export function describeSession(session: JourneySession): string {
  const { channel, referrer_host, browser, os, country } = session;
  return [channel || referrer_host, browser, os, country && valueName("$geoip_country_code", country)].filter(Boolean).join(" · ");
}

export function journeyLines(visits: readonly Visit[]): CsvValue[][] {
  const head = ["Time", "Seconds since the event before", "Event", "Path", "URL", "Session", "Distinct id", "Step reached", "Properties"];
  const rows = visits.flatMap((visit) =>
    visit.events.map(({ event, gap, steps }) => [event.timestamp, gap ?? visit.gap, event.event, event.path, event.url, event.session_id, event.distinct_id, steps.join(" "), JSON.stringify(event.properties)]),
  );
  return [head, ...rows];
}
