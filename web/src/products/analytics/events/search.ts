/** What the page of top events keeps in its address. */
import { insightSearch } from "../insight/search";
import { fieldsOf, wholeNumber } from "../shared/reading";

export const LIMITS = [10, 25, 50, 100, 250] as const;
export const DEFAULT_LIMIT = 25;

export const validateEventsSearch = fieldsOf({
  ...insightSearch,
  /** How many events are listed. */
  limit: wholeNumber(1, 1000),
});

export type EventsSearch = ReturnType<typeof validateEventsSearch>;
