import { counted, type InsightKind } from "../insight/kind";
import { funnelTitle, planFunnel, stepsOf, viewOf } from "./plan";
import { validateFunnelSearch, type FunnelSearch } from "./search";

export const FUNNEL: InsightKind<FunnelSearch> = {
  title: "Funnels",
  validate: validateFunnelSearch,
  plan: planFunnel,
  name: funnelTitle,
  summary: (search) => counted(stepsOf(search).length, "step"),
  hasInterval: (search) => viewOf(search) === "trend",
  isComplete: (search) => stepsOf(search).length >= 2 && !(viewOf(search) === "correlation" && search.correlate === "event_properties" && !search.event),
};
