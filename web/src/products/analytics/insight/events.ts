/** Events with conditions, in an address and in words. */
import { filtersSearch, type Filter } from "../shared/filters";
import { isRecord, text } from "../shared/reading";

/** An event with conditions of its own; null is any event. */
export interface EventChoice {
  readonly event: string | null;
  readonly filters?: Filter[] | undefined;
}

const readText = text();

export function readEventChoice(value: unknown): EventChoice | undefined {
  if (!isRecord(value)) return undefined;
  const filters = filtersSearch(value.filters);
  return { event: readText(value.event) ?? null, ...(filters ? { filters } : {}) };
}
