/** What the page of journeys keeps in its address. */
import { validateFunnelSearch, type FunnelSearch } from "../funnels/search";
import { insightSearch } from "../insight/search";
import { fieldsOf, isRecord, text, wholeNumber } from "../shared/reading";

export type JourneyFunnel = Pick<FunnelSearch, "steps" | "order" | "window" | "exclusions" | "filters" | "aggregate_by">;

/** The rules of a funnel, be it typed here or saved as an insight; how it is shown makes no difference. */
export function readFunnel(value: unknown): JourneyFunnel | undefined {
  const { steps, order, window, exclusions, filters, aggregate_by } = validateFunnelSearch(isRecord(value) ? value : {});
  if (!steps) return undefined;
  const rules = Object.entries({ order, window, exclusions, filters, aggregate_by }).filter(([, rule]) => rule !== undefined);
  return { steps, ...Object.fromEntries(rules) };
}

export const validateJourneySearch = fieldsOf({
  ...insightSearch,
  /** The number of a person; or one of their ids. */
  person: wholeNumber(0, 2 ** 32 - 1),
  distinct_id: text(),
  funnel: readFunnel,
  /** Events of a page. */
  limit: wholeNumber(1, 1000),
});

export type JourneySearch = ReturnType<typeof validateJourneySearch>;
