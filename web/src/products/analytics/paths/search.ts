/** What the paths page keeps in its address; the fields are those of the query. */
import { readRules, type FunnelRules } from "../funnels/rules";
import { insightSearch } from "../insight/search";
import { fieldsOf, isRecord, listOf, oneOf, text, wholeNumber } from "../shared/reading";

export interface Cleaning {
  readonly pattern: string;
  readonly alias: string;
}

export const PARTS = ["between", "before", "after"] as const;
export const OUTCOMES = ["converted", "dropped"] as const;

/** A part of a funnel, and of whom: of those who reached the step, or who went no further than the one before. */
export interface Within {
  readonly funnel: FunnelRules;
  readonly part: (typeof PARTS)[number];
  readonly step: number;
  readonly outcome: (typeof OUTCOMES)[number];
}

const readPart = oneOf(PARTS);
const readOutcome = oneOf(OUTCOMES);
const readStep = wholeNumber(0, 19);

function readWithin(value: unknown): Within | undefined {
  const rules = isRecord(value) ? readRules(value.funnel) : undefined;
  if (!isRecord(value) || !rules?.steps) return undefined;
  return fitting({ funnel: ofPeople(rules), part: readPart(value.part) ?? "between", step: readStep(value.step) ?? rules.steps.length - 1, outcome: readOutcome(value.outcome) ?? "converted" });
}

/** Paths are those of people, whatever the funnel counts. */
export function ofPeople(funnel: FunnelRules): FunnelRules {
  return { ...funnel, aggregate_by: undefined };
}

/** Nobody is on the way to the first step, or drops off before it. */
export function fitting(within: Within): Within {
  const outcome = within.part === "between" ? "converted" : within.outcome;
  const last = (within.funnel.steps?.length ?? 1) - 1;
  return { ...within, outcome, step: Math.min(Math.max(within.step, firstStep({ ...within, outcome })), last) };
}

export function firstStep({ part, outcome }: Pick<Within, "part" | "outcome">): number {
  return part === "between" || outcome === "dropped" ? 1 : 0;
}

const readText = text(/^[^]{1,2000}$/);

function readCleaning(value: unknown): Cleaning | undefined {
  const pattern = isRecord(value) ? readText(value.pattern) : undefined;
  return isRecord(value) && pattern ? { pattern, alias: readText(value.alias) ?? "" } : undefined;
}

export const validatePathsSearch = fieldsOf({
  ...insightSearch,
  include: listOf(readText),
  exclude: listOf(readText),
  path_cleaning: listOf(readCleaning),
  wildcards: listOf(readText),
  start: readText,
  end: readText,
  step_limit: wholeNumber(2, 20),
  edge_limit: wholeNumber(1, 500),
  min_edge_weight: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  within: readWithin,
});

export type PathsSearch = ReturnType<typeof validatePathsSearch>;

export const DEFAULT_STEPS = 5;
export const DEFAULT_EDGES = 30;
