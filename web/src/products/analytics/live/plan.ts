/** What the live page asks, and how its stream is told new from old. */
import type { ChartSpec } from "@/charts/spec";

import type { TrendsRequest, TrendsResult } from "../shared/answers";

const EVENTS = { event: null, name: "Events", math: "total" } as const;
const PEOPLE = { event: null, name: "People", math: "unique" } as const;

// Answers a few seconds old would hide what just happened, so the cache is passed by.
const NOW = { kind: "trends", interval: "minute", refresh: true } as const;

export const LAST_HALF_HOUR: TrendsRequest = { ...NOW, date_from: "-30min", series: [EVENTS, PEOPLE] };
export const LAST_FIVE_MINUTES: TrendsRequest = { ...NOW, date_from: "-5min", series: [PEOPLE] };
export const PAGES_NOW: TrendsRequest = {
  ...NOW,
  interval: "hour",
  date_from: "-30min",
  series: [{ event: "$pageview", name: "People", math: "unique" }],
  breakdown: [{ type: "event", property: "$pathname" }],
  breakdown_limit: 10,
};

const MINUTES = 30;

export function planMinutes(result: TrendsResult): ChartSpec {
  // Thirty minutes back from now begin inside a minute; that cut first bar would look like a lull.
  const cut = result.labels.length > MINUTES ? result.labels.length - MINUTES : 0;
  const open = result.incomplete_from;
  return {
    title: "Events per minute",
    kind: "bar",
    interval: "minute",
    labels: result.labels.slice(cut),
    series: [{ id: "events", name: "Events", colour: 1, data: (result.series[0]?.data ?? []).slice(cut) }],
    incompleteFrom: open == null ? undefined : open - cut,
  };
}

/** Remembers what was shown. The first list is not news; whatever joins it later is. */
export class Novelty {
  private known: ReadonlySet<string> | null = null;
  private fresh: ReadonlySet<string> = new Set();

  /** The ids that were not in the list before this one. The same list again gives the same answer. */
  update(ids: readonly string[]): ReadonlySet<string> {
    const { known } = this;
    if (known && ids.length === known.size && ids.every((id) => known.has(id))) return this.fresh;
    this.fresh = new Set(known ? ids.filter((id) => !known.has(id)) : []);
    this.known = new Set(ids);
    return this.fresh;
  }
}

const HALF_DAY_MS = 12 * 3_600_000;

/** The time of an event; with its day as soon as the time alone could mislead. */
export function formatMoment(timestamp: string, timezone: string, now = Date.now()): string {
  const old = Math.abs(now - Date.parse(timestamp)) > HALF_DAY_MS;
  const day = old ? ({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const) : ({ timeStyle: "medium" } as const);
  return new Intl.DateTimeFormat("en-GB", { timeZone: timezone, ...day }).format(new Date(timestamp));
}

/** A value of a property on one line. */
export function writeValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
