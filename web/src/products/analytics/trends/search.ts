/** What the explorer keeps in its URL: the whole report. */
import { z } from "zod";

import { MATHS } from "../shared/answers";
import { filterSchema, filtersSearch } from "../shared/filters";
import { periodSearch } from "../shared/periods";

export const CHART_TYPES = ["line", "area", "bar", "stacked-bar", "number", "table"] as const;
export type ChartType = (typeof CHART_TYPES)[number];

const seriesSchema = z.object({
  event: z.string().min(1).nullable().catch(null),
  math: z.enum(MATHS).catch("total"),
  property: z.string().optional().catch(undefined),
  filters: z.array(filterSchema).optional().catch(undefined),
});
export type SeriesState = z.infer<typeof seriesSchema>;

const breakdownSchema = z.object({
  type: z.enum(["event", "person"]).catch("event"),
  property: z.string().min(1),
});

const schema = z.object({
  ...periodSearch,
  series: z.array(seriesSchema).min(1).max(26).optional().catch(undefined),
  filters: filtersSearch,
  breakdown: breakdownSchema.optional().catch(undefined),
  limit: z.number().int().min(1).max(100).optional().catch(undefined),
  formula: z.string().max(200).optional().catch(undefined),
  chart: z.enum(CHART_TYPES).optional().catch(undefined),
  cumulative: z.boolean().optional().catch(undefined),
  /** Names of the lines that are switched off in the legend. */
  hidden: z.array(z.string()).optional().catch(undefined),
  sort: z.object({ key: z.string(), direction: z.enum(["ascending", "descending"]) }).optional().catch(undefined),
});

export type TrendsSearch = z.infer<typeof schema>;

export function validateTrendsSearch(search: Record<string, unknown>): TrendsSearch {
  return schema.parse(search);
}

/** The report a newcomer sees: page views, day by day. */
export const FIRST_SERIES: readonly SeriesState[] = [{ event: "$pageview", math: "total" }];

export const DEFAULT_LIMIT = 10;
