/** Which series somebody means who clicks into a bucket at some height. */
import { isStacked } from "./axis";
import type { ChartSeries, ChartSpec } from "./spec";

/** Without a height (a key was pressed), the tallest; nothing where the bucket is empty. */
export function nearestSeries(spec: ChartSpec, index: number, value?: number): ChartSeries | undefined {
  const there = spec.series.filter((one) => (one.data[index] ?? null) !== null);
  if (value === undefined || !Number.isFinite(value)) return there.sort((one, other) => at(other, index) - at(one, index))[0];
  if (isStacked(spec.kind)) return stackedAt(there, index, value);
  return there.sort((one, other) => Math.abs(at(one, index) - value) - Math.abs(at(other, index) - value))[0];
}

function at(one: ChartSeries, index: number): number {
  return one.data[index] ?? 0;
}

/** The piece of the stack that holds the height; above the stack, its last piece. */
function stackedAt(series: readonly ChartSeries[], index: number, value: number): ChartSeries | undefined {
  const side = series.filter((one) => at(one, index) !== 0 && at(one, index) > 0 === value >= 0);
  let sum = 0;
  for (const one of side) {
    sum += at(one, index);
    if (Math.abs(value) <= Math.abs(sum)) return one;
  }
  return side[side.length - 1] ?? series[0];
}
