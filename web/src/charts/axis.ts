/** Honest axes: round ticks, zero where a length is compared, labels that fall on whole hours and days. */
import { wallClock } from "./dates";
import type { Buckets, ChartKind, ChartSpec, Point, Unit } from "./spec";

export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** The smallest of 1, 2, 2.5, 5 × 10ⁿ that is not below `rough`. Counts never get half a tick. */
export function roundStep(rough: number, unit: Unit = "number"): number {
  if (unit === "seconds" && rough > 30) return roundSeconds(rough);
  if (!(rough > 0) || !Number.isFinite(rough)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10) * power;
  return unit === "count" ? Math.max(1, step === 2.5 ? 5 : step) : step;
}

function roundSeconds(rough: number): number {
  const steps = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400];
  return steps.find((step) => step >= rough) ?? Math.ceil(rough / 86_400) * 86_400;
}

/** A scale with about `ticks` round steps that holds every value. Zero is always on it. */
export function zeroScale(values: Iterable<Point>, unit: Unit = "count", ticks = 4): Scale {
  let low = 0;
  let high = 0;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === 0 && high === 0) return { min: 0, max: unit === "percent" ? 100 : ticks, step: unit === "percent" ? 25 : 1 };
  const step = roundStep((high - low) / ticks, unit);
  return { min: tidy(Math.floor(low / step + 1e-9) * step), max: tidy(Math.ceil(high / step - 1e-9) * step), step };
}

/** Every height the chart will draw: stacked bars are as tall as their sum. */
export function heights(spec: ChartSpec): Point[] {
  if (isStacked(spec.kind)) return stackedHeights(spec);
  return spec.series.flatMap((one) => [...one.data, ...(one.previous ?? [])]);
}

export function isStacked(kind: ChartKind): boolean {
  return kind === "stacked-bar";
}

function stackedHeights(spec: ChartSpec): Point[] {
  return spec.labels.flatMap((_, index) => {
    const values = spec.series.map((one) => one.data[index] ?? 0);
    return [sum(values.filter((value) => value > 0)), sum(values.filter((value) => value < 0))];
  });
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Floating point leaves 0.30000000000000004 behind; a tick must read 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

const STRIDES: Record<Buckets, readonly number[]> = {
  value: [1, 2, 5, 10, 20, 50, 100],
  minute: [1, 5, 10, 15, 30, 60, 120, 360],
  hour: [1, 2, 3, 6, 12, 24, 48, 168],
  day: [1, 2, 7, 14, 28, 56, 91, 182, 364],
  week: [1, 2, 4, 8, 13, 26, 52],
  month: [1, 2, 3, 6, 12, 24, 60],
};

/** Which buckets get a label when only `room` labels fit: whole hours for minutes, months by the quarter. */
export function labelledBuckets(labels: readonly string[], interval: Buckets, room: number): number[] {
  const wanted = Math.max(2, Math.floor(room));
  const strides = STRIDES[interval];
  const stride = strides.find((one) => labels.length / one <= wanted) ?? Math.ceil(labels.length / wanted);
  const chosen: number[] = [];
  labels.forEach((label, index) => {
    if (onStride(label, index, interval, stride)) chosen.push(index);
  });
  return chosen.length > 0 ? chosen : [0];
}

function onStride(label: string, index: number, interval: Buckets, stride: number): boolean {
  const date = wallClock(label);
  if (interval === "minute") return (date.getUTCHours() * 60 + date.getUTCMinutes()) % stride === 0;
  if (interval === "hour" && stride <= 24) return date.getUTCHours() % stride === 0;
  if (interval === "month" && stride <= 12) return date.getUTCMonth() % stride === 0;
  return index % stride === 0;
}
