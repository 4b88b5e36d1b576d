/**
 * Bucket labels carry the offset of the project's zone. They are read as wall-clock text and never moved
 * to the reader's own zone: a chart cut into days of Auckland shows days of Auckland in Berlin too.
 */
import type { Buckets } from "./spec";

const LOCALE = "en-GB";
const WALL = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?/;

/** The wall-clock time in a label, as a date whose UTC fields are the wall clock's. */
export function wallClock(label: string): Date {
  const found = WALL.exec(label);
  if (!found) return new Date(Number.NaN);
  const [year, month, day, hour, minute, second] = found.slice(1).map((part) => Number(part ?? 0));
  return new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second));
}

const formats = new Map<string, Intl.DateTimeFormat>();

function written(date: Date, options: Intl.DateTimeFormatOptions): string {
  if (Number.isNaN(date.getTime())) return "";
  const key = JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(LOCALE, { timeZone: "UTC", ...options });
  formats.set(key, format);
  return format.format(date);
}

/** The short name of a bucket, for an axis. */
export function formatBucket(label: string, interval: Buckets): string {
  if (interval === "value") return label;
  const date = wallClock(label);
  if (interval === "month") return written(date, { month: "short", year: "2-digit" });
  if (interval === "minute") return written(date, { hour: "2-digit", minute: "2-digit" });
  if (interval === "hour") return hourTick(date);
  return written(date, { day: "numeric", month: "short" });
}

function hourTick(date: Date): string {
  const midnight = date.getUTCHours() === 0;
  return midnight ? written(date, { day: "numeric", month: "short" }) : written(date, { hour: "2-digit", minute: "2-digit" });
}

/** The full name of a bucket, for a tooltip or a table: `Fri 20 Nov 2026`, `Fri 20 Nov, 14:00–15:00`. */
export function formatBucketLong(label: string, interval: Buckets): string {
  if (interval === "value") return label;
  const date = wallClock(label);
  if (interval === "month") return written(date, { month: "long", year: "numeric" });
  if (interval === "week") return weekName(date);
  const day = written(date, { weekday: "short", day: "numeric", month: "short", year: "numeric" }).replace(",", "");
  if (interval === "day") return day;
  const time = { hour: "2-digit", minute: "2-digit" } as const;
  const end = new Date(date.getTime() + (interval === "hour" ? 3_600_000 : 60_000));
  return `${day}, ${written(date, time)}–${written(end, time)}`;
}

function weekName(start: Date): string {
  const end = new Date(start.getTime() + 6 * 86_400_000);
  const from = written(start, { day: "numeric", month: "short" });
  return `Week of ${from} – ${written(end, { day: "numeric", month: "short", year: "numeric" })}`;
}

/** A range of days as people write it: `1–20 Nov 2026`, `28 Oct – 3 Nov 2026`. */
export function formatDateRange(from: string, to: string): string {
  const start = wallClock(from);
  const end = wallClock(to);
  if (Number.isNaN(start.getTime()) || Number.isNaN(end.getTime())) return "";
  const clock = from.includes("T") || to.includes("T") ? ({ hour: "2-digit", minute: "2-digit" } as const) : ({ year: "numeric" } as const);
  const format = new Intl.DateTimeFormat(LOCALE, { timeZone: "UTC", day: "numeric", month: "short", ...clock });
  return format.formatRange(start, end);
}

/** The short name of a bucket where its neighbours do not explain it: in a table's head. */
export function formatBucketHead(label: string, interval: Buckets): string {
  if (interval !== "hour" && interval !== "minute") return formatBucket(label, interval);
  return written(wallClock(label), { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

/** How long ago, for "cached 2 min ago" and "last seen". */
export function formatAge(from: Date, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - from.getTime()) / 1000));
  if (seconds < 5) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}
