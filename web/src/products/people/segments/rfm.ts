/** RFM as a report: its state in the address, its question, and its answer as lines. */
import type { Rfm } from "@/api/segments";
import type { CsvValue } from "@/products/analytics/insight/csv";
import type { InsightKind } from "@/products/analytics/insight/kind";
import { insightSearch } from "@/products/analytics/insight/search";
import { planAllFilters } from "@/products/analytics/shared/filters";
import { eventName } from "@/products/analytics/shared/properties";
import { fieldsOf, text, wholeNumber } from "@/products/analytics/shared/reading";

export const validateRfmSearch = fieldsOf({
  ...insightSearch,
  event: text(),
  /** Whose sum is the money. */
  property: text(),
  days: wholeNumber(1, 3660),
});

export type RfmSearch = ReturnType<typeof validateRfmSearch>;

export const DEFAULT_DAYS = 365;

/** The days say the period, so that no other is asked for. */
export const RFM: InsightKind<RfmSearch> = {
  title: "By recency, frequency and money",
  validate: validateRfmSearch,
  plan: planRfm,
  name: ({ event }) => `RFM of ${eventName(event ?? null)}`,
  isDated: false,
  isComplete: ({ event }) => event !== undefined,
};

function planRfm({ event, property, days, filters }: RfmSearch) {
  const query = { kind: "rfm", event: event ?? null, days: days ?? DEFAULT_DAYS, ...(property ? { property } : {}), ...(filters ? { filters } : {}) };
  return planAllFilters(query) as { kind: string };
}

/** The named segments, then the cells of the grid. */
export function rfmLines({ segments, cells }: Rfm): CsvValue[][] {
  const names = new Map(segments.map(({ key, name }) => [key, name]));
  return [
    ["Segment", "Recency", "Frequency", "People", "Share (%)", "Mean times", "Mean money", "Mean days since"],
    ...segments.map((one) => [one.name, null, null, one.people, Math.round(one.share * 10_000) / 100, one.mean_count, one.mean_money, one.mean_days_since]),
    ...cells.map((cell) => [names.get(cell.segment) ?? cell.segment, cell.recency, cell.frequency, cell.people, null, null, null, null]),
  ];
}
