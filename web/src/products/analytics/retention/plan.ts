/** From the retention page's state to its question, and from the answer to a grid and a curve. */
import { formatBucketHead } from "@/charts/dates";
import { seriesColour, type ChartSpec } from "@/charts/spec";

import type { CsvValue } from "../insight/csv";
import type { EventChoice } from "../insight/events";
import { counted } from "../insight/kind";
import { breakdownValue } from "../shared/answers";
import { chosenRange } from "../shared/periods";
import { eventName, valueName } from "../shared/properties";
import type { RetentionPeriod, RetentionSearch } from "./search";

export interface Cohort {
  readonly date: string;
  readonly label: string;
  readonly size: number;
  readonly values: readonly number[];
  readonly rates: readonly number[];
  /** First column that is not over for this cohort. */
  readonly incomplete_from?: number | null;
}

/** The day of a cohort in few words: its neighbours say the rest. */
export function cohortName(cohort: Cohort, period: RetentionPeriod): string {
  return formatBucketHead(cohort.date, period);
}

export interface RetentionTable {
  readonly cohorts: readonly Cohort[];
  readonly mean: readonly (number | null)[];
}

export interface RetentionBreakdown extends RetentionTable {
  readonly breakdown: readonly (string | null)[];
  readonly is_other?: boolean;
}

export interface RetentionResult extends RetentionTable {
  readonly labels: readonly string[];
  readonly breakdowns?: readonly RetentionBreakdown[];
}

export const FIRST_CHOICE: EventChoice = { event: "$pageview" };

/** Days for a month, weeks for a quarter, months for a year. */
export function periodOf(search: RetentionSearch): RetentionPeriod {
  if (search.period) return search.period;
  const range = chosenRange(search);
  if (range === "today" || range === "24h") return "hour";
  return range === "90d" ? "week" : range === "12mo" ? "month" : "day";
}

const COLUMNS: Record<RetentionPeriod, number> = { hour: 24, day: 15, week: 13, month: 12 };

export function intervalsOf(search: RetentionSearch): number {
  return search.intervals ?? COLUMNS[periodOf(search)];
}

export function planRetention(search: RetentionSearch) {
  const { breakdown, brackets } = search;
  return {
    kind: "retention",
    target: search.target ?? FIRST_CHOICE,
    returning: search.returning ?? FIRST_CHOICE,
    period: periodOf(search),
    ...(brackets ? { brackets } : { intervals: intervalsOf(search) }),
    mode: search.mode ?? "recurring",
    ...(search.cumulative ? { cumulative: true } : {}),
    ...(search.rolling ? { rolling: true } : {}),
    ...(search.minimum_occurrences ? { minimum_occurrences: search.minimum_occurrences } : {}),
    ...(breakdown ? { breakdown, breakdown_limit: search.breakdown_limit ?? 5 } : {}),
  };
}

export function retentionTitle(search: RetentionSearch): string {
  const [target, returning] = [search.target ?? FIRST_CHOICE, search.returning ?? FIRST_CHOICE].map((choice) => eventName(choice.event));
  return `${target}, then back for ${returning}`;
}

/** One grid: of everybody, or of one value of the breakdown. */
export interface Grid extends RetentionTable {
  readonly name: string;
  /** As the answer writes it; nothing for everybody. */
  readonly value?: string | undefined;
}

export function planGrids(result: RetentionResult, search: RetentionSearch): Grid[] {
  const [field] = search.breakdown ?? [];
  const everybody = { name: "Everybody", cohorts: result.cohorts, mean: result.mean };
  if (!result.breakdowns || !field) return [everybody];
  const values = result.breakdowns.map((one) => ({
    name: one.is_other ? "Other" : valueName(field.property, breakdownValue(one)),
    value: one.breakdown[0] ?? "",
    cohorts: one.cohorts,
    mean: one.mean,
  }));
  return [everybody, ...values];
}

export function planPoint(grid: Grid, cohort: number, interval: number): Readonly<Record<string, unknown>> {
  return { cohort, interval, ...(grid.value === undefined ? {} : { value: grid.value }) };
}

/** The mean of each grid by column; the first column is always whole and says nothing. */
export function planCurve(result: RetentionResult, grids: readonly Grid[]): ChartSpec {
  return {
    title: "Share that came back",
    kind: "line",
    interval: "value",
    labels: result.labels,
    series: grids.map((grid, index) => ({ id: grid.name, name: grid.name, colour: index > 5 ? "other" : seriesColour(index), data: grid.mean })),
    unit: "percent",
  };
}

export function retentionLines(result: RetentionResult, grids: readonly Grid[], shows: "rates" | "people"): CsvValue[][] {
  const columns = shows === "rates" ? result.labels.map((label) => `${label} (%)`) : result.labels;
  const head = ["Value", "Cohort", "Size", ...columns];
  const cell = (cohort: Cohort, column: number) => (shows === "rates" ? rateOf(cohort, column) : (cohort.values[column] ?? null));
  const rows = grids.flatMap((grid) => grid.cohorts.map((cohort) => [grid.name, cohort.label, cohort.size, ...columns.map((_, column) => cell(cohort, column))]));
  return [head, ...rows];
}

/** Of nobody no share can come back; the answer has 0 there. */
export function rateOf({ size, rates }: Cohort, column: number): number | null {
  return size === 0 ? null : (rates[column] ?? null);
}

/** How strongly a cell is shaded, in per cent of the accent; never so much that its text is hard to read. */
export function shadeOf(rate: number, strongest: number): number {
  if (rate <= 0) return 0;
  return Math.round(6 + 40 * Math.min(1, rate / Math.max(strongest, 1)));
}

/** The highest rate after the first column, which is all of them. */
export function strongestRate(table: RetentionTable): number {
  return Math.max(0, ...table.cohorts.flatMap((cohort) => cohort.rates.slice(1)));
}

/** The grid in words. */
export function describeGrid(grid: Grid, labels: readonly string[]): string {
  const said = labels.flatMap((label, index) => (index > 0 && grid.mean[index] != null ? [`${label}: ${grid.mean[index]}%`] : []));
  const people = grid.cohorts.reduce((sum, cohort) => sum + cohort.size, 0);
  return `${grid.name}: ${counted(grid.cohorts.length, "cohort")}, ${counted(people, "person", "people")} in all. On average came back, ${said.slice(0, 6).join(", ") || "none yet"}.`;
}
