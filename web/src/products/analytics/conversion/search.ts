/** What the conversion page keeps in its address. */
import { readWindow } from "../funnels/search";
import { readEventChoice, type EventChoice } from "../insight/events";
import { insightSearch } from "../insight/search";
import { fieldsOf, isRecord, oneOf } from "../shared/reading";

export const FIGURES = ["rate", "started", "converted", "time"] as const;
export type Figure = (typeof FIGURES)[number];

/** A named event with its conditions; any event is none of the two. */
export interface NamedEvent extends EventChoice {
  readonly event: string;
}

/** As the query has it: the name alone, or with filters. */
export function readEnd(value: unknown): NamedEvent | undefined {
  const found = readEventChoice(isRecord(value) ? value : { event: value });
  return found?.event ? { ...found, event: found.event } : undefined;
}

export const validateConversionSearch = fieldsOf({
  ...insightSearch,
  start: readEnd,
  end: readEnd,
  window: readWindow,
  /** The figure whose chart is shown. */
  show: oneOf(FIGURES),
});

export type ConversionSearch = ReturnType<typeof validateConversionSearch>;
