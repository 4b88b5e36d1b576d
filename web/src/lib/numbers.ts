/** Numbers as people read them. Every figure of the product goes through here, so the same figure always reads the same. */

export type Unit = "count" | "number" | "percent" | "seconds" | "milliseconds" | "bytes";

const LOCALE = "en-GB";
const MISSING = "–";
/** A figure and its unit stay on one line. */
const SPACE = "\u00a0";

const plain = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 });
// British English shortens a million to "m", which reads as metres or minutes beside other units.
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3, useGrouping: "always" });
const percent = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 1 });
const change = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" });

/** The whole figure: `12,345`, `0.37`, `12.5%`, `1m 20s`, `3.2 MB`. */
export function formatNumber(value: number | null | undefined, unit: Unit = "count"): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return MISSING;
  if (unit === "percent") return formatPercent(value);
  if (unit === "seconds") return formatSeconds(value);
  if (unit === "milliseconds") return formatMilliseconds(value);
  if (unit === "bytes") return formatBytes(value);
  return Math.abs(value) > 0 && Math.abs(value) < 0.01 ? value.toPrecision(2) : plain.format(value);
}

/** The short figure for tight places: `12.3k`. Under 10,000 it is the whole figure: nothing is gained by rounding it. */
export function formatCompact(value: number | null | undefined, unit: Unit = "count"): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return MISSING;
  if (unit !== "count" && unit !== "number") return formatNumber(value, unit);
  if (Math.abs(value) < 10_000) return formatNumber(value, unit);
  return short.format(value).replace("K", "k");
}

/** An axis label: as short as it can be, and never two ticks that read the same. */
export function formatTick(value: number, unit: Unit = "count"): string {
  if (unit !== "count" && unit !== "number") return formatNumber(value, unit);
  if (Math.abs(value) < 1_000) return formatNumber(value, unit);
  return short.format(value).replace("K", "k");
}

/** The relative change, or null where there is nothing to compare with. */
export function relativeChange(now: number | null | undefined, before: number | null | undefined): number | null {
  if (now === null || now === undefined || before === null || before === undefined) return null;
  if (!Number.isFinite(now) || !Number.isFinite(before)) return null;
  if (before === 0) return now === 0 ? 0 : null;
  return (now - before) / Math.abs(before);
}

/** `+12.5%`, `-3%`, `0%`; over tenfold it reads `×14`, which is easier than `+1,300%`. */
export function formatChange(ratio: number | null): string {
  if (ratio === null) return MISSING;
  if (ratio >= 9) return `×${plain.format(Math.round(ratio + 1))}`;
  return change.format(ratio).replace("-", "−");
}

/** A share too small to show is not nothing. */
function formatPercent(value: number): string {
  return value > 0 && value < 0.05 ? "<0.1%" : percent.format(value / 100);
}

function formatSeconds(value: number): string {
  const sign = value < 0 ? "−" : "";
  const whole = Math.abs(value);
  if (whole < 1 && whole > 0) return `${sign}${Math.round(whole * 1000)}${SPACE}ms`;
  if (whole < 60) return `${sign}${plain.format(Math.round(whole * 10) / 10)}s`;
  const parts = splitSeconds(Math.round(whole));
  return sign + parts.slice(0, 2).join(" ");
}

function splitSeconds(total: number): string[] {
  const sizes: [number, string][] = [[86_400, "d"], [3_600, "h"], [60, "m"], [1, "s"]];
  let rest = total;
  const parts: string[] = [];
  for (const [size, name] of sizes) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${name}`);
  }
  return parts;
}

function formatMilliseconds(value: number): string {
  return Math.abs(value) < 1_000 ? `${plain.format(Math.round(value * 10) / 10)}${SPACE}ms` : formatSeconds(value / 1_000);
}

function formatBytes(value: number): string {
  const names = ["B", "kB", "MB", "GB", "TB", "PB"];
  let size = value;
  let step = 0;
  while (Math.abs(size) >= 1_000 && step < names.length - 1) {
    size /= 1_000;
    step += 1;
  }
  return `${plain.format(Math.round(size * 10) / 10)}${SPACE}${names[step]}`;
}
