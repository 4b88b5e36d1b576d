/** A chart in words, for screen readers and for anybody who cannot see the picture. */
import { formatChange, formatNumber, relativeChange } from "@/lib/numbers";

import { formatBucketLong } from "./dates";
import type { ChartSeries, ChartSpec } from "./spec";

/** One sentence on the whole, then one per series (the first six). */
export function describeChart(spec: ChartSpec): string {
  if (spec.series.length === 0 || spec.labels.length === 0) return `${spec.title}: no data.`;
  const first = formatBucketLong(spec.labels[0] ?? "", spec.interval);
  const last = formatBucketLong(spec.labels[spec.labels.length - 1] ?? "", spec.interval);
  const by = spec.interval === "value" ? (spec.axisName?.toLowerCase() ?? "value") : spec.interval;
  const opening = `${spec.title}, by ${by}, from ${first} to ${last}.`;
  const shown = spec.series.slice(0, 6).map((one) => describeSeries(one, spec));
  const more = spec.series.length > 6 ? [`And ${spec.series.length - 6} more series; see the table.`] : [];
  return [opening, ...shown, ...more].join(" ");
}

function describeSeries(one: ChartSeries, spec: ChartSpec): string {
  const complete = one.data.slice(0, spec.incompleteFrom ?? one.data.length);
  const measured = complete.flatMap((value, index) => (value === null ? [] : [{ value, index }]));
  if (measured.length === 0) return `${one.name}: no complete data.`;
  const highest = measured.reduce((best, point) => (point.value > best.value ? point : best));
  const lowest = measured.reduce((best, point) => (point.value < best.value ? point : best));
  const at = (index: number) => formatBucketLong(spec.labels[index] ?? "", spec.interval);
  const on = spec.interval === "value" ? "at" : "on";
  const written = (value: number) => formatNumber(value, spec.unit);
  return (
    `${one.name}: highest ${written(highest.value)} ${on} ${at(highest.index)}, ` +
    `lowest ${written(lowest.value)} ${on} ${at(lowest.index)}${spec.interval === "value" ? "" : describeTrend(measured)}.`
  );
}

function describeTrend(points: readonly { value: number }[]): string {
  const change = relativeChange(points[points.length - 1]?.value, points[0]?.value);
  if (points.length < 2 || change === null) return "";
  return `, ${formatChange(change)} from first to last`;
}
