import type { InsightKind } from "../insight/kind";
import { isRecord } from "../shared/reading";
import { planRetention, retentionTitle } from "./plan";
import { validateRetentionSearch, type RetentionSearch } from "./search";

export const RETENTION: InsightKind<RetentionSearch> = {
  title: "Retention",
  validate: validateRetentionSearch,
  plan: planRetention,
  read: readRetention,
  unshown: (query) => [
    isRecord(query.value) && "amounts",
    query.mean === "simple" && "the simple mean",
    query.aggregate_by !== undefined && query.aggregate_by !== "person" && "groups instead of people",
  ],
  display: ["view", "show"],
  name: retentionTitle,
  hasInterval: () => false,
};

const SERVERS_INTERVALS = 8;

/** Without a start there are as many cohorts as columns, of which the last is the running one. */
function readRetention(query: Readonly<Record<string, unknown>>) {
  const intervals = typeof query.intervals === "number" ? query.intervals : SERVERS_INTERVALS;
  const unit = { hour: "h", day: "d", week: "w", month: "m" }[String(query.period ?? "day")] ?? "d";
  return { intervals, ...(query.date_from ? {} : { date_from: `-${intervals - 1}${unit}` }) };
}
