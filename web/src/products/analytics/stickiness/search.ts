/** What the stickiness page keeps in its address; the fields are those of the query. */
import { readEventChoice } from "../insight/events";
import { insightSearch } from "../insight/search";
import { fieldsOf, flag, isRecord, listOf, wholeNumber } from "../shared/reading";

export const validateStickinessSearch = fieldsOf({
  ...insightSearch,
  series: listOf((value) => (isRecord(value) ? readEventChoice(value) : undefined), 26),
  cumulative: flag,
  /** Events in an interval that make it count. */
  minimum_occurrences: wholeNumber(1, 1000),
});

export type StickinessSearch = ReturnType<typeof validateStickinessSearch>;
