/** Breakdowns in an address. */
import type { BreakdownField } from "../shared/answers";
import { readOwner } from "../shared/filters";
import { isRecord, listOf, text, wholeNumber, type Read } from "../shared/reading";

const readText = text();
const readNumber = wholeNumber(1, 2 ** 32 - 1);
const readBins = wholeNumber(2, 50);
const readCohorts = listOf((value): number | "all" | undefined => (value === "all" ? "all" : readNumber(value)), 50);

function readField(value: unknown): BreakdownField | undefined {
  if (typeof value === "string" && value) return { type: "event", property: value };
  const property = isRecord(value) ? (readText(value.property) ?? (value.type === "cohort" ? "cohort" : undefined)) : undefined;
  if (!isRecord(value) || property === undefined) return undefined;
  const type = readOwner(value.type) ?? "event";
  const group = readText(value.group_type);
  if (type === "cohort") return { type, property, cohorts: readCohorts(value.cohorts) ?? ["all"] };
  if (type === "group" && !group) return undefined;
  const bins = readBins(value.bins);
  return { type, property, ...(type === "group" ? { group_type: group } : {}), ...(bins ? { bins } : {}) };
}

/** A list of properties, or one. */
export function breakdownSearch(most: number): Read<BreakdownField[]> {
  const readList = listOf(readField, most);
  return (value) => readList(isRecord(value) || typeof value === "string" ? [value] : value);
}

export const DEFAULT_LIMIT = 10;

/** As the query takes it: a cohort has no property. */
export function planBreakdown(breakdown: readonly BreakdownField[]): object[] {
  return breakdown.map(({ type, property, ...rest }) => (type === "cohort" ? { type, ...rest } : { type, property, ...rest }));
}
