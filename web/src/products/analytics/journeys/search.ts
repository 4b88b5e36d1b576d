/** What the page of journeys keeps in its address. */
import { readRules } from "../funnels/rules";
import { insightSearch } from "../insight/search";
import { fieldsOf, text, wholeNumber } from "../shared/reading";

export const validateJourneySearch = fieldsOf({
  ...insightSearch,
  /** The number of a person; or one of their ids. */
  person: wholeNumber(0, 2 ** 32 - 1),
  distinct_id: text(),
  funnel: readRules,
  /** Events of a page. */
  limit: wholeNumber(1, 1000),
});

export type JourneySearch = ReturnType<typeof validateJourneySearch>;
