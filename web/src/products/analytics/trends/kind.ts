import type { InsightKind } from "../insight/kind";
import { isComplete, planTrends, reportTitle, seriesOf } from "./plan";
import { validateTrendsSearch, type TrendsSearch } from "./search";

export const TRENDS: InsightKind<TrendsSearch> = {
  title: "Trends",
  validate: validateTrendsSearch,
  plan: planTrends,
  read: (query) => ({ limit: query.breakdown_limit }),
  name: reportTitle,
  isComplete: (search) => seriesOf(search).some(isComplete),
};
