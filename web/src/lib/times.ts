/** Every time on a page goes through here, so that the same moment always looks the same. */

const LOCALE = "en-GB";

/** 20 Nov 2026, 14:05 in the given zone. */
export function formatDateTime(time: string | Date, timeZone?: string): string {
  return new Date(time).toLocaleString(LOCALE, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone });
}

export function formatDate(time: string | Date, timeZone?: string): string {
  return new Date(time).toLocaleDateString(LOCALE, { day: "numeric", month: "short", year: "numeric", timeZone });
}

const UNITS: readonly [name: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const relatives = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });

/** 3 minutes ago, yesterday, just now. */
export function formatRelative(time: string | Date, now: number = Date.now()): string {
  const seconds = (new Date(time).getTime() - now) / 1000;
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  if (!unit) return Math.abs(seconds) < 5 ? "just now" : relatives.format(Math.round(seconds), "second");
  return relatives.format(Math.trunc(seconds / unit[1]), unit[0]);
}
