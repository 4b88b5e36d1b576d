/** What the home page keeps in its URL. */
import { z } from "zod";

import { filtersSearch } from "../shared/filters";
import { periodSearch } from "../shared/periods";

export const KPI_IDS = ["people", "events", "pageviews", "sessions", "per_person"] as const;
export type KpiId = (typeof KPI_IDS)[number];

const schema = z.object({
  ...periodSearch,
  filters: filtersSearch,
  show: z.enum(KPI_IDS).optional().catch(undefined),
  places: z.enum(["countries", "browsers", "devices"]).optional().catch(undefined),
});

export type HomeSearch = z.infer<typeof schema>;

export function validateHomeSearch(search: Record<string, unknown>): HomeSearch {
  return schema.parse(search);
}
