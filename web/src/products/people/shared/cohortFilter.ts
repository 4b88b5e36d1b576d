/** Leads to reports about a cohort only. */
import type { Filter } from "@/products/analytics/shared/filters";

export function cohortFilters(cohort: number): { filters: Filter[] } {
  return { filters: [{ type: "cohort", property: "cohort", operator: "in", value: [cohort] }] };
}
