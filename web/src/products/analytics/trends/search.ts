/** What the explorer keeps in its URL: the whole report. */
import { breakdownSearch } from "../insight/breakdown";
import { insightSearch } from "../insight/search";
import { MATHS, type Math } from "../shared/answers";
import { filtersSearch, type Filter } from "../shared/filters";
import { fieldsOf, flag, isRecord, listOf, oneOf, text, wholeNumber } from "../shared/reading";

export const CHART_TYPES = ["line", "area", "bar", "stacked-bar", "number", "table"] as const;
export type ChartType = (typeof CHART_TYPES)[number];

export interface SeriesState {
  readonly event: string | null;
  readonly math: Math;
  /** What is summed, averaged and so on. */
  readonly property?: string | undefined;
  /** Whose groups are counted. */
  readonly group_type?: string | undefined;
  /** What is computed, where that is an aggregate in SQL. */
  readonly sql?: string | undefined;
  readonly filters?: Filter[] | undefined;
}

const readText = text();
const readSql = text(/^[^]{1,2000}$/);
const readOwnMath = oneOf(MATHS);
/** Other names of a maths, which the server takes too. */
const ALIASES: Readonly<Record<string, Math>> = { dau: "unique", unique_session: "sessions", first_matching_event_for_user: "first_matching_event", hogql: "sql" };

function readMath(value: unknown): Math | undefined {
  if (typeof value !== "string") return undefined;
  return ALIASES[value] ?? readOwnMath(value.replace(/_per_person$/, "_per_actor"));
}

const readDirection = oneOf(["ascending", "descending"] as const);

function readSeries(value: unknown): SeriesState | undefined {
  if (!isRecord(value)) return undefined;
  const property = readText(value.property) ?? readText(value.math_property);
  const group = readText(value.group_type);
  const sql = readSql(value.sql) ?? readSql(value.math_sql) ?? readSql(value.math_hogql);
  const filters = filtersSearch(value.filters);
  return {
    event: readText(value.event) ?? null,
    math: readMath(value.math) ?? "total",
    ...(property ? { property } : {}),
    ...(group ? { group_type: group } : {}),
    ...(sql ? { sql } : {}),
    ...(filters ? { filters } : {}),
  };
}

function readSort(value: unknown) {
  if (!isRecord(value)) return undefined;
  const [key, direction] = [readText(value.key), readDirection(value.direction)];
  return key && direction ? { key, direction } : undefined;
}

const MOST_SERIES = 26;
export const MOST_BREAKDOWNS = 3;

export const validateTrendsSearch = fieldsOf({
  ...insightSearch,
  series: listOf(readSeries, MOST_SERIES),
  breakdown: breakdownSearch(MOST_BREAKDOWNS),
  limit: wholeNumber(1, 100),
  formula: text(/^[^]{1,200}$/),
  chart: oneOf(CHART_TYPES),
  cumulative: flag,
  /** How far back the period lies that is compared with; the one just before without it. */
  compare_to: text(/^-\d{1,4}[dwmy]$/),
  /** Each bucket as the mean of so many. */
  smoothing: wholeNumber(2, 90),
  /** Names of the lines that are switched off in the legend. */
  hidden: listOf(readText),
  sort: readSort,
});

export type TrendsSearch = ReturnType<typeof validateTrendsSearch>;

/** The report a newcomer sees: page views, day by day. */
export const FIRST_SERIES: readonly SeriesState[] = [{ event: "$pageview", math: "total" }];

export { DEFAULT_LIMIT } from "../insight/breakdown";
