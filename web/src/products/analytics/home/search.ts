/** What the home page keeps in its URL. */
import { filtersSearch } from "../shared/filters";
import { periodSearch } from "../shared/periods";
import { fieldsOf, oneOf } from "../shared/reading";

export const KPI_IDS = ["people", "events", "pageviews", "sessions", "per_person"] as const;
export type KpiId = (typeof KPI_IDS)[number];

export const validateHomeSearch = fieldsOf({
  ...periodSearch,
  filters: filtersSearch,
  show: oneOf(KPI_IDS),
  places: oneOf(["countries", "browsers", "devices"] as const),
});

export type HomeSearch = ReturnType<typeof validateHomeSearch>;
