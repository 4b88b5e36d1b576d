/** Breakdowns in an address. */
import type { BreakdownField } from "../shared/answers";
import { readOwner } from "../shared/filters";
import { isRecord, listOf, text, type Read } from "../shared/reading";

const readText = text();

function readField(value: unknown): BreakdownField | undefined {
  if (typeof value === "string" && value) return { type: "event", property: value };
  const property = isRecord(value) ? readText(value.property) : undefined;
  if (!isRecord(value) || property === undefined) return undefined;
  const type = readOwner(value.type) ?? "event";
  const group = readText(value.group_type);
  if (type !== "group") return { type, property };
  return group ? { type, property, group_type: group } : undefined;
}

/** A list of properties, or one. */
export function breakdownSearch(most: number): Read<BreakdownField[]> {
  const readList = listOf(readField, most);
  return (value) => readList(isRecord(value) || typeof value === "string" ? [value] : value);
}

export const DEFAULT_LIMIT = 10;
