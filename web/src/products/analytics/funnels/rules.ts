/** A funnel that other reports refer to: its rules, without how its answer is shown. */
import { isRecord } from "../shared/reading";
import { tidy } from "../shared/useReport";
import { planFunnel, type Outcome } from "./plan";
import { validateFunnelSearch, type FunnelSearch } from "./search";

export type FunnelRules = Pick<FunnelSearch, "steps" | "order" | "window" | "exclusions" | "filters" | "aggregate_by">;

/** The rules of a funnel, be it in an address or saved as an insight; how it is shown makes no difference. */
export function readRules(value: unknown): FunnelRules | undefined {
  const { steps, order, window, exclusions, filters, aggregate_by } = validateFunnelSearch(isRecord(value) ? value : {});
  if (!steps) return undefined;
  const rules = Object.entries({ order, window, exclusions, filters, aggregate_by }).filter(([, rule]) => rule !== undefined);
  return { steps, ...Object.fromEntries(rules) };
}

/** As a question takes them. */
export function planRules(funnel: FunnelRules) {
  const { filters } = funnel;
  return { ...planFunnel(funnel), ...(filters ? { filters } : {}) };
}

/** Paths within the funnel, in the same period: on the way to a step, after the first, or of those who left before one. */
export function pathsOf(search: FunnelSearch, step: number, outcome: Outcome): Record<string, unknown> {
  const { range, from, to, zone } = search;
  const part = outcome === "dropped" || step === 0 ? "after" : "between";
  return tidy({ within: { funnel: readRules(search), part, step, outcome }, range, from, to, zone });
}
