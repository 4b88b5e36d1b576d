import { counted, SERVERS_LIMIT, type InsightKind } from "../insight/kind";
import { propertyName } from "../shared/properties";
import { isRecord } from "../shared/reading";
import { isComplete, planTrends, reportTitle, seriesOf } from "./plan";
import { validateTrendsSearch, type TrendsSearch } from "./search";

export const TRENDS: InsightKind<TrendsSearch> = {
  title: "Trends",
  validate: validateTrendsSearch,
  plan: planTrends,
  read: (query) => ({ limit: query.breakdown_limit ?? (query.breakdown ? SERVERS_LIMIT : undefined), ...(isRecord(query.compare) ? { compare: true, compare_to: query.compare.to } : {}) }),
  display: ["chart", "hidden", "sort"],
  name: reportTitle,
  summary: summarise,
  isComplete: (search) => seriesOf(search).some(isComplete),
};

/** "2 series · by Browser". */
function summarise(search: TrendsSearch): string {
  const series = seriesOf(search);
  const counts = series.length === 1 || search.formula ? reportTitle(search) : counted(series.length, "series", "series");
  const split = search.breakdown?.map((field) => (field.type === "cohort" ? "cohort" : propertyName(field.property))).join(", ");
  return split ? `${counts} · by ${split}` : counts;
}
