import { counted, type InsightKind } from "../insight/kind";
import { isRecord } from "../shared/reading";
import { funnelTitle, planFunnel, stepsOf, viewOf } from "./plan";
import { validateFunnelSearch, type FunnelSearch } from "./search";

export const FUNNEL: InsightKind<FunnelSearch> = {
  title: "Funnels",
  validate: validateFunnelSearch,
  plan: planFunnel,
  unshown: (query) => [Array.isArray(query.exclusions) && query.exclusions.some((one) => isRecord(one) && Array.isArray(one.filters) && one.filters.length > 0) && "conditions on what is excluded"],
  name: funnelTitle,
  summary: (search) => counted(stepsOf(search).length, "step"),
  hasInterval: (search) => viewOf(search) === "trend",
  isComplete: (search) => stepsOf(search).length >= 2 && !(viewOf(search) === "correlation" && search.correlate === "event_properties" && !search.event),
};
