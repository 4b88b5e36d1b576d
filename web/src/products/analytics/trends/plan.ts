/** From the explorer's state to its question, and from the answer to a chart and a table. */
import { seriesColour, type ChartKind, type ChartSpec, type Unit } from "@/charts/spec";

import { planBreakdown } from "../insight/breakdown";
import type { CsvValue } from "../insight/csv";
import { breakdownValues, type BreakdownField, type Math, type SeriesRequest, type TrendSeries, type TrendsResult } from "../shared/answers";
import type { CohortNames } from "../shared/filters";
import { chosenInterval } from "../shared/periods";
import { eventName, propertyName, valueName } from "../shared/properties";
import { DEFAULT_LIMIT, FIRST_SERIES, type SeriesState, type TrendsSearch } from "./search";

const OF_NUMBERS = { avg: "Average", min: "Minimum", max: "Maximum", median: "Median", p75: "75th percentile", p90: "90th percentile", p95: "95th percentile", p99: "99th percentile" } as const;

const MATH_NAMES: Partial<Record<Math, string>> = {
  total: "Total count",
  unique: "Unique people",
  sessions: "Unique sessions",
  unique_group: "Unique groups",
  weekly_active: "Weekly active people",
  monthly_active: "Monthly active people",
  first_time_for_user: "First time for a person",
  first_matching_event: "First match for a person",
  sum: "Sum of",
  sql: "SQL expression",
};

export function mathName(math: Math): string {
  const known = MATH_NAMES[math];
  if (known) return known;
  const [name = "", perActor] = math.split("_count_per_actor");
  const words = OF_NUMBERS[name as keyof typeof OF_NUMBERS];
  return perActor === undefined ? `${words} of` : `${words} per person`;
}

const OF_PROPERTY: ReadonlySet<Math> = new Set(["sum", "avg", "min", "max", "median", "p75", "p90", "p95", "p99"]);

/** Sums, averages and percentiles are of something. */
export function mathNeedsProperty(math: Math): boolean {
  return OF_PROPERTY.has(math);
}

/** Rolling windows are of days; minutes and hours have none. */
export function mathNeedsDays(math: Math): boolean {
  return math === "weekly_active" || math === "monthly_active";
}

/** Whole numbers, as opposed to amounts and averages. */
function isCount(math: Math): boolean {
  return math !== "sql" && !mathNeedsProperty(math) && !(math.endsWith("_per_actor") && !/^(min|max)_/.test(math));
}

export function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}

export function seriesOf(search: TrendsSearch): readonly SeriesState[] {
  return search.series ?? FIRST_SERIES;
}

/** A series that lacks its property cannot be asked yet; the others can. */
export function isComplete(one: SeriesState): boolean {
  if (one.math === "unique_group") return Boolean(one.group_type);
  if (one.math === "sql") return Boolean(one.sql);
  return !mathNeedsProperty(one.math) || Boolean(one.property);
}

export function seriesName(one: SeriesState): string {
  const event = eventName(one.event);
  if (one.math === "total") return event;
  if (one.math === "unique_group") return `${event}: unique groups of type ${one.group_type ?? "…"}`;
  if (one.math === "sql") return `${event}: ${one.sql ?? "…"}`;
  if (mathNeedsProperty(one.math)) return `${event}: ${mathName(one.math).toLowerCase()} ${propertyName(one.property ?? "…")}`;
  return `${event}: ${mathName(one.math).toLowerCase()}`;
}

/** What the report shows: its formula, or else its series. */
export function reportTitle(search: TrendsSearch): string {
  return search.formula ?? seriesOf(search).map(seriesName).join(", ");
}

/** `A is signup, B is Page view`, below a formula. */
export function describeLetters(search: TrendsSearch): string {
  return seriesOf(search)
    .map((one, index) => `${letterOf(index)} is ${seriesName(one)}`)
    .join("; ");
}

/** Whether single buckets are drawn, so that an unfinished one needs its word. */
export function drawsBuckets(search: TrendsSearch): boolean {
  return search.chart !== "number" && search.chart !== "table" && !search.cumulative;
}

/** The question without period and filters, which the frame adds. */
export function planTrends(search: TrendsSearch) {
  const { breakdown, formula } = search;
  return {
    kind: "trends",
    series: seriesOf(search).filter(isComplete).map(planSeries),
    ...(breakdown ? { breakdown: planBreakdown(breakdown), breakdown_limit: search.limit ?? DEFAULT_LIMIT } : {}),
    ...(formula ? { formula } : {}),
    ...(search.compare ? { compare: search.compare_to ? { to: search.compare_to } : true } : {}),
    ...(search.cumulative ? { cumulative: true } : {}),
    ...(search.smoothing && !search.cumulative ? { smoothing: search.smoothing } : {}),
  };
}

function planSeries(one: SeriesState): SeriesRequest {
  const property = mathNeedsProperty(one.math) ? { math_property: one.property } : {};
  const sql = one.math === "sql" ? { math_sql: one.sql } : {};
  const filters = one.filters?.length ? { filters: one.filters } : {};
  const group = one.math === "unique_group" ? { group_type: one.group_type } : {};
  return { event: one.event, name: seriesName(one), math: one.math, ...property, ...group, ...sql, ...filters };
}

/** One line of the answer with its place in the ramp. */
export interface ResultRow {
  readonly id: string;
  readonly name: string;
  readonly colour: ReturnType<typeof seriesColour>;
  readonly series: TrendSeries;
}

export function planRows(result: TrendsResult, search: TrendsSearch, cohorts?: CohortNames): ResultRow[] {
  const several = seriesOf(search).length > 1 && !search.formula;
  return result.series.map((series, index) => {
    const name = rowName(series, search, several, cohorts);
    return { id: `${index}:${name}`, name, colour: series.is_other ? "other" : seriesColour(index), series };
  });
}

/** A cohort goes by its name, everything else by its value. */
function splitName(field: BreakdownField | undefined, value: string, cohorts: CohortNames | undefined): string {
  if (field?.type !== "cohort") return valueName(field?.property ?? "", value);
  return value === "all" ? "Everyone" : (cohorts?.get(value) ?? `Cohort ${value}`);
}

function rowName(series: TrendSeries, search: TrendsSearch, several: boolean, cohorts: CohortNames | undefined): string {
  const { breakdown } = search;
  if (!series.breakdown || !breakdown) return search.formula ? search.formula : series.name;
  const value = series.is_other ? "Other" : breakdownValues(series).map((one, index) => splitName(breakdown[index], one, cohorts)).join(" · ");
  return several ? `${series.name} · ${value}` : value;
}

export function unitOf(search: TrendsSearch): Unit {
  const counts = seriesOf(search).every((one) => isCount(one.math));
  return counts && !search.formula && !search.smoothing ? "count" : "number";
}

export function planChart(result: TrendsResult, rows: readonly ResultRow[], search: TrendsSearch): ChartSpec {
  return {
    title: reportTitle(search),
    kind: chartKind(search.chart),
    interval: chosenInterval(search),
    labels: result.labels,
    previousLabels: result.previous_labels ?? undefined,
    series: rows.map(({ id, name, colour, series }) => ({ id, name, colour, data: series.data, previous: series.previous ?? undefined })),
    unit: unitOf(search),
    incompleteFrom: search.cumulative ? undefined : (result.incomplete_from ?? undefined),
  };
}

function chartKind(chart: TrendsSearch["chart"]): ChartKind {
  return chart === undefined || chart === "number" || chart === "table" ? "line" : chart;
}

/** Sums of a total mean something; sums of distinct people over days do not, so only the server's total is shown. */
export function tableLines(result: TrendsResult, rows: readonly ResultRow[]): CsvValue[][] {
  const compared = rows.some(({ series }) => series.previous);
  const header = ["Series", "Total", ...(compared ? ["Before"] : []), ...result.labels];
  return [header, ...rows.map(({ name, series }) => [name, series.total, ...(compared ? [series.previous_total ?? null] : []), ...series.data])];
}

/** Whether people are behind the numbers: not where a formula puts them together, or where they add up over time. */
export function hasPeople(search: TrendsSearch): boolean {
  const groups = seriesOf(search).some((one) => one.math === "unique_group");
  return !search.formula && !search.cumulative && !search.smoothing && !groups;
}

/** The number somebody points at: of a line, in one bucket or in the whole range. */
export function planPoint(row: ResultRow, bucket?: number): Readonly<Record<string, unknown>> {
  const { series } = row;
  return {
    series: series.letter ? letterIndex(series.letter) : 0,
    ...(series.is_other ? { is_other: true } : series.breakdown ? { breakdown: series.breakdown } : {}),
    ...(bucket === undefined ? {} : { bucket }),
  };
}

function letterIndex(letter: string): number {
  return letter.charCodeAt(0) - 65;
}

/** Rows by a column of the table; rows without a value come last, whichever way. */
export function sortRows(rows: readonly ResultRow[], sort: { readonly key: string; readonly direction: "ascending" | "descending" }): ResultRow[] {
  const sign = sort.direction === "ascending" ? 1 : -1;
  if (sort.key === "name") return [...rows].sort((one, other) => sign * one.name.localeCompare(other.name));
  const value = (row: ResultRow) => (sort.key === "total" ? row.series.total : row.series.data[Number(sort.key)]) ?? null;
  return [...rows].sort((one, other) => {
    const [left, right] = [value(one), value(other)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left - right);
  });
}
