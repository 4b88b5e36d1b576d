/** Shapes of the query answers these pages read. */
import type { Interval, Point } from "@/charts/spec";

import type { Filter, Owner } from "./filters";

export const MATHS = [
  "total",
  "unique",
  "sessions",
  "unique_group",
  "weekly_active",
  "monthly_active",
  "first_time_for_user",
  "first_matching_event",
  "sum",
  "avg",
  "min",
  "max",
  "median",
  "p75",
  "p90",
  "p95",
  "p99",
  "avg_count_per_actor",
  "min_count_per_actor",
  "max_count_per_actor",
  "median_count_per_actor",
  "p75_count_per_actor",
  "p90_count_per_actor",
  "p95_count_per_actor",
  "p99_count_per_actor",
  "sql",
] as const;
export type Math = (typeof MATHS)[number];

export interface SeriesRequest {
  readonly event: string | null;
  readonly name?: string | undefined;
  readonly math: Math;
  readonly math_property?: string | undefined;
  readonly group_type?: string | undefined;
  readonly math_sql?: string | undefined;
  readonly filters?: readonly Filter[] | undefined;
}

export interface BreakdownField {
  readonly type: Owner;
  readonly property: string;
  readonly group_type?: string | undefined;
  /** Takes the numbers of a property together in about as many ranges. */
  readonly bins?: number | undefined;
  /** With type `cohort`: their numbers, and "all" for everyone. */
  readonly cohorts?: readonly (number | "all")[] | undefined;
}

/** What every question has; the rest belongs to its kind. */
export interface QueryRequest {
  readonly kind: string;
  readonly date_from?: string | undefined;
  readonly date_to?: string | undefined;
  readonly timezone?: string | undefined;
  readonly interval?: Interval | undefined;
  readonly filters?: readonly Filter[] | undefined;
  readonly refresh?: boolean | undefined;
  readonly explain?: boolean | undefined;
}

export interface TrendsRequest extends QueryRequest {
  readonly kind: "trends";
  readonly series: readonly SeriesRequest[];
  readonly breakdown?: readonly BreakdownField[] | undefined;
  readonly breakdown_limit?: number | undefined;
  readonly formula?: string | undefined;
  readonly compare?: boolean | { readonly to: string } | undefined;
  readonly cumulative?: boolean | undefined;
}

export interface TopEventsRequest extends QueryRequest {
  readonly kind: "top_events";
  readonly limit: number;
}

export interface Answer<Result> {
  readonly kind: string;
  readonly result: Result;
  readonly timezone: string;
  readonly date_from: string;
  readonly date_to: string;
  readonly definition: string;
  readonly elapsed_ms: number;
  readonly rows_read: number;
  readonly cached: boolean;
  readonly cached_at?: string | null;
  readonly warnings: readonly unknown[];
  readonly sql?: string | null;
}

export interface TrendSeries {
  readonly name: string;
  /** Which of the series asked for; a formula's has none. */
  readonly letter?: string | null;
  readonly breakdown?: readonly (string | null)[] | null;
  /** All values past the limit, taken together. */
  readonly is_other?: boolean;
  readonly data: readonly Point[];
  readonly total: Point;
  readonly previous?: readonly Point[] | null;
  readonly previous_total?: Point;
}

export interface TrendsResult {
  readonly labels: readonly string[];
  readonly series: readonly TrendSeries[];
  readonly previous_labels?: readonly string[] | null;
  readonly incomplete_from?: number | null;
}

export interface TopEvent {
  readonly event: string;
  readonly count: number;
  readonly users: number;
}

export interface LiveEvent {
  readonly uuid: string;
  readonly event: string;
  readonly timestamp: string;
  readonly distinct_id: string;
  readonly person: number | string;
  readonly session_id: string;
  readonly url: string;
  readonly path: string;
  readonly browser: string;
  readonly os: string;
  readonly device: string;
  readonly country: string;
  readonly lib: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly received_at: string;
}

export interface CatalogueEvent {
  readonly event: string;
  readonly count: number;
  readonly users: number;
  readonly last_seen: string;
}

export interface CatalogueProperty {
  readonly name: string;
  readonly type: "event" | "person";
  readonly types: readonly string[];
  readonly column: boolean;
}

export interface CatalogueValue {
  readonly value: string;
  readonly count: number;
}

const NONE = "(none)";

/** The values a line of a breakdown stands for; empty where the property was not sent. */
export function breakdownValues(series: Pick<TrendSeries, "breakdown">): string[] {
  return (series.breakdown ?? []).map((value) => (value === null || value === NONE ? "" : value));
}

/** The value of a breakdown by one property. */
export function breakdownValue(series: Pick<TrendSeries, "breakdown">): string {
  return breakdownValues(series)[0] ?? "";
}

/** A warning in words, whether the server wrote a sentence or a structure. */
export function warningText(warning: unknown): string {
  if (typeof warning === "string") return warning;
  if (warning && typeof warning === "object" && "message" in warning) return String(warning.message);
  return JSON.stringify(warning);
}
