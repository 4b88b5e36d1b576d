/** What the SQL page keeps in its address: the statement that was run last. */
import { insightSearch } from "../insight/search";
import { fieldsOf, oneOf, text } from "../shared/reading";

export const LIMITS = [100, 1_000, 10_000] as const;
export const DEFAULT_LIMIT = 1_000;

export const validateSqlSearch = fieldsOf({
  insight: insightSearch.insight,
  people: insightSearch.people,
  sql: text(/^[^]{1,20000}$/),
  limit: oneOf(LIMITS),
});

export type SqlSearch = ReturnType<typeof validateSqlSearch>;
