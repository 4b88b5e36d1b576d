/** Series over time or over values, for the kinds whose answers are no more than that. */
import type { ChartKind, ChartSpec, Point, SeriesColour, Unit } from "@/charts/spec";

import type { CsvValue } from "./csv";

export interface NamedSeries {
  readonly id: string;
  readonly name: string;
  readonly colour: SeriesColour;
  readonly data: readonly Point[];
  readonly previous?: readonly Point[] | undefined;
}

export interface SeriesChart {
  readonly title: string;
  readonly kind: ChartKind;
  readonly interval: ChartSpec["interval"];
  readonly labels: readonly string[];
  readonly series: readonly NamedSeries[];
  readonly previousLabels?: readonly string[] | undefined;
  readonly unit?: Unit;
  readonly axisName?: string;
  readonly incompleteFrom?: number | undefined;
}

/** A column of a table: a line of the chart, or a figure that is not drawn. One with a unit of its own has no people behind it. */
export interface SeriesColumn extends Omit<NamedSeries, "colour"> {
  readonly colour?: SeriesColour;
  readonly unit?: Unit;
}

export interface SeriesGrid extends Omit<SeriesChart, "series"> {
  readonly series: readonly SeriesColumn[];
}

/** A line a bucket, a column a series. */
export function seriesLines({ labels, series, axisName = "Date" }: Pick<SeriesGrid, "labels" | "series" | "axisName">): CsvValue[][] {
  const head = series.map((one) => (one.unit === "percent" ? `${one.name} (%)` : one.name));
  return [[axisName, ...head], ...labels.map((label, index) => [label, ...series.map((one) => one.data[index])])];
}

export function seriesHaveData(series: readonly Pick<NamedSeries, "data">[]): boolean {
  return series.some((one) => one.data.some((value) => value !== null && value !== 0));
}
