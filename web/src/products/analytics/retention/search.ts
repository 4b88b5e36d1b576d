/** What the retention page keeps in its address; the fields are those of the query. */
import { breakdownSearch } from "../insight/breakdown";
import { readEventChoice } from "../insight/events";
import { insightSearch } from "../insight/search";
import { fieldsOf, flag, isRecord, listOf, oneOf, wholeNumber } from "../shared/reading";

export const PERIODS = ["hour", "day", "week", "month"] as const;
export type RetentionPeriod = (typeof PERIODS)[number];
export const MODES = ["recurring", "first_time", "first_ever"] as const;
export const VIEWS = ["grid", "curve"] as const;
export const SHOWN = ["rates", "people"] as const;

export const validateRetentionSearch = fieldsOf({
  ...insightSearch,
  target: (value: unknown) => (isRecord(value) ? readEventChoice(value) : undefined),
  returning: (value: unknown) => (isRecord(value) ? readEventChoice(value) : undefined),
  period: oneOf(PERIODS),
  intervals: wholeNumber(2, 60),
  mode: oneOf(MODES),
  cumulative: flag,
  rolling: flag,
  brackets: listOf(wholeNumber(1, 200), 59),
  minimum_occurrences: wholeNumber(1, 1000),
  breakdown: breakdownSearch(1),
  breakdown_limit: wholeNumber(1, 100),
  view: oneOf(VIEWS),
  show: oneOf(SHOWN),
});

export type RetentionSearch = ReturnType<typeof validateRetentionSearch>;
