/** The stretch of time a page looks at, as the URL keeps it and as a query asks for it. */
import { formatDateRange } from "@/charts/dates";
import type { Interval } from "@/charts/spec";

import { flag, oneOf, text } from "./reading";

export const RANGES = ["today", "24h", "7d", "30d", "90d", "12mo", "custom"] as const;
export type Range = (typeof RANGES)[number];

export const INTERVALS = ["minute", "hour", "day", "week", "month"] as const satisfies readonly Interval[];

const DAY = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/;
/** So long before now, or since the first event; questions kept through the API may say so. */
const MOVING = /^(all|-\d{1,5}(min|h|d|w|m|y))$/;
const START = new RegExp(`${DAY.source}|${MOVING.source}`);

/** Fields every report has in its URL. */
export const periodSearch = {
  range: oneOf(RANGES),
  from: text(START),
  /** Without it, a range goes on until now. */
  to: text(START),
  interval: oneOf(INTERVALS),
  compare: flag,
  /** A time zone other than the project's. */
  zone: readZone,
};

function readZone(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: value }).resolvedOptions().timeZone && value;
  } catch {
    return undefined; // no zone that this browser knows
  }
}

export interface PeriodSearch {
  readonly range?: Range | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly interval?: Interval | undefined;
  readonly compare?: boolean | undefined;
  readonly zone?: string | undefined;
}

export const DEFAULT_RANGE: Range = "30d";

const RANGE_NAMES: Record<Range, string> = {
  today: "Today",
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
  "90d": "Last 90 days",
  "12mo": "Last 12 months",
  custom: "Custom range",
};

export function rangeName(period: PeriodSearch): string {
  const range = chosenRange(period);
  if (range !== "custom") return RANGE_NAMES[range];
  const { from = "", to } = period;
  if (to) return formatDateRange(from, to) || RANGE_NAMES.custom;
  if (from === "all") return "All time";
  return MOVING.test(from) ? `Since ${ago(from)}` : `Since ${formatDateRange(from, from)}`;
}

const UNITS: Readonly<Record<string, string>> = { min: "minute", h: "hour", d: "day", w: "week", m: "month", y: "year" };

/** "-12w" in words. */
function ago(moving: string): string {
  const [, count = "", unit = ""] = /^-(\d+)(\w+)$/.exec(moving) ?? [];
  return `${count} ${UNITS[unit]}${count === "1" ? "" : "s"} ago`;
}

/** The day in a field of two days; a start that moves on has none. */
export function dayOf(date: string | undefined): string {
  return date && DAY.test(date) ? date.slice(0, 10) : "";
}

/** A custom range without its first day is no range. */
export function chosenRange(period: PeriodSearch): Range {
  const range = period.range ?? DEFAULT_RANGE;
  return range === "custom" && !period.from ? DEFAULT_RANGE : range;
}

export interface QueryPeriod {
  readonly date_from: string;
  readonly date_to?: string;
  readonly interval: Interval;
  readonly timezone?: string;
}

/** What the query asks for. Days are days of the zone, so "today" starts at its midnight. */
export function planPeriod(period: PeriodSearch, timezone: string, now: Date): QueryPeriod {
  const common = { interval: chosenInterval(period), ...(period.zone ? { timezone: period.zone } : {}) };
  const range = chosenRange(period);
  const today = dayIn(period.zone ?? timezone, now);
  if (range === "today") return { date_from: today, ...common };
  if (range === "24h") return { date_from: hoursBefore(now, 23), ...common };
  if (range === "12mo") return { date_from: monthsBefore(today, 11), ...common };
  if (range !== "custom") return { date_from: RELATIVE[range], ...common };
  return { date_from: period.from ?? today, ...(period.to ? { date_to: period.to } : {}), ...common };
}

/** How a range is kept: what was chosen as "last …" stays that, whenever it is asked again. */
const KEPT: Record<Exclude<Range, "custom">, string> = { today: "-0d", "24h": "-24h", "7d": "-6d", "30d": "-29d", "90d": "-89d", "12mo": "-11m" };

/** The period of a question that is kept. */
export function planSavedPeriod(period: PeriodSearch, timezone: string, now: Date): QueryPeriod {
  const planned = planPeriod(period, timezone, now);
  const range = chosenRange(period);
  return range === "custom" ? planned : { ...planned, date_from: KEPT[range] };
}

/** From a kept question back to the fields of the address; one without a start, or an interval, has the server's own. */
export function readSavedPeriod(query: Readonly<Record<string, unknown>>): PeriodSearch {
  const [from, to] = [query.date_from, query.date_to].map((date) => (typeof date === "string" ? date : undefined));
  const fields = { interval: periodSearch.interval(query.interval) ?? "day", zone: periodSearch.zone(query.timezone) };
  const range = RANGES.find((one) => one !== "custom" && KEPT[one] === from);
  if (range && !to) return { range, ...fields };
  return { range: "custom", from: readDay(from) ?? SERVERS_START, ...(to ? { to: readDay(to) } : {}), ...fields };
}

const SERVERS_START = "-7d";

function readDay(date: string | undefined): string | undefined {
  return periodSearch.from(date?.slice(0, 16)) ?? periodSearch.from(date?.slice(0, 10));
}

// Today is one of the days, so seven days start six days ago.
const RELATIVE = { "7d": "-6d", "30d": "-29d", "90d": "-89d" } as const;

/** The calendar day at `now` in a zone, `2026-11-20`. */
export function dayIn(timezone: string, now: Date): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: timezone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(now);
}

/** Whole hours, since a first bucket cut in two would look like a slow hour. */
function hoursBefore(now: Date, hours: number): string {
  const hour = 3_600_000;
  return new Date(Math.floor(now.getTime() / hour) * hour - hours * hour).toISOString();
}

function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 10);
}

/** Intervals that give a readable number of buckets for a range, the best first. */
export function sensibleIntervals(period: PeriodSearch): readonly Interval[] {
  const days = lengthInDays(period);
  if (days <= 1.1) return ["hour", "minute"];
  if (days <= 3) return ["hour", "day"];
  if (days <= 14) return ["day", "hour"];
  if (days <= 45) return ["day", "week"];
  if (days <= 190) return ["day", "week", "month"];
  return ["month", "week", "day"];
}

/** The interval asked for, if it makes sense for the range. */
export function chosenInterval(period: PeriodSearch): Interval {
  const sensible = sensibleIntervals(period);
  const asked = period.interval;
  return asked && sensible.includes(asked) ? asked : (sensible[0] ?? "day");
}

function lengthInDays(period: PeriodSearch): number {
  const lengths: Partial<Record<Range, number>> = { today: 1, "24h": 1, "7d": 7, "30d": 30, "90d": 90, "12mo": 365 };
  const known = lengths[chosenRange(period)];
  if (known) return known;
  return Math.max(0, (momentOf(period.to, "23:59") - momentOf(period.from, "00:00")) / 86_400_000);
}

const DAYS: Readonly<Record<string, number>> = { min: 1 / 1440, h: 1 / 24, d: 1, w: 7, m: 30, y: 365 };

/** In milliseconds, about; without a date, now. */
function momentOf(date: string | undefined, time: string): number {
  const [, count, unit = ""] = /^-(\d+)(\w+)$/.exec(date ?? "") ?? [];
  if (count) return Date.now() - Number(count) * (DAYS[unit] ?? 1) * 86_400_000;
  if (date === "all") return Date.now() - 366 * 86_400_000;
  return date ? Date.parse(withTime(date, time)) : Date.now();
}

function withTime(day: string, time: string): string {
  return day.includes("T") ? `${day}:00Z` : `${day}T${time}:00Z`;
}

const INTERVAL_MS = { minute: 60_000, hour: 3_600_000 } as const;

/** The search fields for a stretch of buckets somebody dragged over. */
export function zoomInto(labels: readonly string[], first: number, last: number, interval: Interval): PeriodSearch {
  const start = (labels[first] ?? "").slice(0, 16);
  const end = (labels[last] ?? "").slice(0, 16);
  if (interval === "minute" || interval === "hour") {
    return { range: "custom", from: start, to: shift(end, INTERVAL_MS[interval]), interval: undefined };
  }
  return { range: "custom", from: start.slice(0, 10), to: lastDay(end.slice(0, 10), interval), interval: undefined };
}

function shift(wall: string, ms: number): string {
  return new Date(Date.parse(`${wall}:00Z`) + ms).toISOString().slice(0, 16);
}

function lastDay(day: string, interval: Interval): string {
  if (interval === "day") return day;
  if (interval === "week") return shift(`${day}T00:00`, 6 * 86_400_000).slice(0, 10);
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}
