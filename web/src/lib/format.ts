/** Every number and time on a page goes through here, so that the same thing always looks the same. */

const LOCALE = "en-GB";
const integers = new Intl.NumberFormat(LOCALE);
const decimals = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 });

/** 12,345 or 0.25; a dash for what is missing. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  return Number.isInteger(value) ? integers.format(value) : decimals.format(value);
}

/** A share of one as per cent: 0.123 is 12.3 %. */
export function formatPercent(share: number | null | undefined, digits = 1): string {
  if (share === null || share === undefined || Number.isNaN(share)) return "–";
  const least = 10 ** -digits;
  const percent = share * 100;
  if (percent > 0 && percent < least / 2) return `<${least}%`;
  return `${percent.toLocaleString(LOCALE, { maximumFractionDigits: digits })}%`;
}

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

/** 350 ms, 2.4 s, 3 min 20 s. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return "–";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${decimals.format(Math.round(seconds * 10) / 10)} s`;
  if (seconds < 3600) return joined(seconds, 60, "min", 1, "s");
  if (seconds < 86_400) return joined(seconds, 3600, "h", 60, "min");
  return joined(seconds, 86_400, "d", 3600, "h");
}

function joined(seconds: number, big: number, bigName: string, small: number, smallName: string): string {
  const whole = Math.floor(seconds / big);
  const rest = Math.floor((seconds % big) / small);
  return rest ? `${whole} ${bigName} ${rest} ${smallName}` : `${whole} ${bigName}`;
}
