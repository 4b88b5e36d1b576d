import type { InsightKind } from "../insight/kind";
import { isRecord } from "../shared/reading";
import { isComplete, planTrends, reportTitle, seriesOf } from "./plan";
import { validateTrendsSearch, type TrendsSearch } from "./search";

export const TRENDS: InsightKind<TrendsSearch> = {
  title: "Trends",
  validate: validateTrendsSearch,
  plan: planTrends,
  read: (query) => ({ limit: query.breakdown_limit, ...(isRecord(query.compare) ? { compare: true, compare_to: query.compare.to } : {}) }),
  display: ["chart", "hidden", "sort"],
  name: reportTitle,
  isComplete: (search) => seriesOf(search).some(isComplete),
};
