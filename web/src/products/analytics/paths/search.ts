/** What the paths page keeps in its address; the fields are those of the query. */
import { insightSearch } from "../insight/search";
import { fieldsOf, isRecord, listOf, text, wholeNumber } from "../shared/reading";

export interface Cleaning {
  readonly pattern: string;
  readonly alias: string;
}

const readText = text(/^[^]{1,2000}$/);

function readCleaning(value: unknown): Cleaning | undefined {
  const pattern = isRecord(value) ? readText(value.pattern) : undefined;
  return isRecord(value) && pattern ? { pattern, alias: readText(value.alias) ?? "" } : undefined;
}

export const validatePathsSearch = fieldsOf({
  ...insightSearch,
  include: listOf(readText),
  exclude: listOf(readText),
  path_cleaning: listOf(readCleaning),
  wildcards: listOf(readText),
  start: readText,
  end: readText,
  step_limit: wholeNumber(2, 20),
  edge_limit: wholeNumber(1, 500),
  min_edge_weight: wholeNumber(0, Number.MAX_SAFE_INTEGER),
});

export type PathsSearch = ReturnType<typeof validatePathsSearch>;

export const DEFAULT_STEPS = 5;
export const DEFAULT_EDGES = 30;
