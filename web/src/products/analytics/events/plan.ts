/** From the state of the page of top events to its question, and from the answer to rows. */
import type { CsvValue } from "../insight/csv";
import type { InsightKind } from "../insight/kind";
import type { TopEvent } from "../shared/answers";
import { withOwn } from "../shared/choices";
import { tidy } from "../shared/useReport";
import { DEFAULT_LIMIT, LIMITS, validateEventsSearch, type EventsSearch } from "./search";

export interface EventShare extends TopEvent {
  /** Per cent of all events of the period that match the filters, listed or not. */
  readonly share: number;
}

export function limitOf(search: EventsSearch): number {
  return search.limit ?? DEFAULT_LIMIT;
}

const SERVERS_LIMIT = 10;

/** The usual choices, and the one of the address where it is another. */
export function limitChoices(search: EventsSearch): number[] {
  return withOwn(LIMITS, limitOf(search));
}

export const EVENTS: InsightKind<EventsSearch> = {
  title: "Top events",
  validate: validateEventsSearch,
  plan: (search) => ({ kind: "top_events", limit: limitOf(search) }),
  read: (query) => ({ limit: query.limit ?? SERVERS_LIMIT }),
  name: () => "Most frequent events",
  hasInterval: () => false,
};

/** Trends of an event, in the same period and under the same filters. */
export function trendsOf(event: string, { range, from, to, zone, filters }: EventsSearch): Record<string, unknown> {
  return tidy({ series: [{ event, math: "total" }], range, from, to, zone, filters });
}

/** What the events that are not listed have together, in per cent. */
export function restOf(rows: readonly EventShare[]): number {
  const listed = rows.reduce((sum, row) => sum + row.share, 0);
  return Math.max(0, Math.round((100 - listed) * 10) / 10);
}

export function eventLines(rows: readonly EventShare[]): CsvValue[][] {
  return [["Event", "Times", "Share (%)", "People"], ...rows.map((row) => [row.event, row.count, row.share, row.users])];
}
