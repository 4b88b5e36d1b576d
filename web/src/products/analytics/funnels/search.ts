/** What the funnel page keeps in its address; the fields are those of the query. */
import { breakdownSearch } from "../insight/breakdown";
import { readEventChoice, type EventChoice } from "../insight/events";
import { insightSearch } from "../insight/search";
import { fieldsOf, isRecord, listOf, oneOf, text, wholeNumber } from "../shared/reading";

export const VIEWS = ["steps", "time_to_convert", "trend", "correlation"] as const;
export type FunnelView = (typeof VIEWS)[number];
export const ORDERS = ["ordered", "strict", "unordered"] as const;
export const UNITS = ["second", "minute", "hour", "day", "week", "month"] as const;
export const ATTRIBUTIONS = ["first_touch", "last_touch", "all_events", "step"] as const;
export const CORRELATES = ["events", "event_properties", "person_properties"] as const;
export const MOST_STEPS = 20;

export interface StepState extends EventChoice {
  readonly optional?: boolean | undefined;
}

export interface Exclusion {
  readonly event: string;
  readonly from_step: number;
  readonly to_step: number;
}

export interface FunnelWindow {
  readonly value: number;
  readonly unit: (typeof UNITS)[number];
}

const readText = text();
const readStepNumber = wholeNumber(0, MOST_STEPS - 1);

function readStep(value: unknown): StepState | undefined {
  const choice = readEventChoice(typeof value === "string" ? { event: value } : value);
  return choice && { ...choice, ...(isRecord(value) && value.optional === true ? { optional: true } : {}) };
}

function readExclusion(value: unknown): Exclusion | undefined {
  const event = isRecord(value) ? readText(value.event) : undefined;
  if (!isRecord(value) || !event) return undefined;
  return { event, from_step: readStepNumber(value.from_step) ?? 0, to_step: readStepNumber(value.to_step) ?? 1 };
}

const readWindowValue = wholeNumber(1, 100_000);
const readUnit = oneOf(UNITS);

export function readWindow(value: unknown): FunnelWindow | undefined {
  if (!isRecord(value)) return undefined;
  const [length, unit] = [readWindowValue(value.value), readUnit(value.unit)];
  return length && unit ? { value: length, unit } : undefined;
}

/** A text, or the query's `{"group": type}`. */
function readActor(value: unknown): string | undefined {
  return readText(isRecord(value) ? value.group : value);
}

export const validateFunnelSearch = fieldsOf({
  ...insightSearch,
  steps: listOf(readStep, MOST_STEPS),
  order: oneOf(ORDERS),
  window: readWindow,
  exclusions: listOf(readExclusion, 10),
  breakdown: breakdownSearch(3),
  breakdown_limit: wholeNumber(1, 100),
  attribution: oneOf(ATTRIBUTIONS),
  attribution_step: readStepNumber,
  aggregate_by: readActor,
  view: oneOf(VIEWS),
  from_step: readStepNumber,
  to_step: readStepNumber,
  correlate: oneOf(CORRELATES),
  /** Whose properties are compared. */
  event: readText,
});

export type FunnelSearch = ReturnType<typeof validateFunnelSearch>;

export const DEFAULT_WINDOW: FunnelWindow = { value: 14, unit: "day" };
export const FIRST_STEPS: readonly StepState[] = [{ event: "$pageview" }];
