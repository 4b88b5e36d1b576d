/** What the frame must know of a kind of report. */
import type { QueryRequest } from "../shared/answers";
import { planPeriod, planSavedPeriod, rangeName, readSavedPeriod, type PeriodSearch, type QueryPeriod } from "../shared/periods";
import { isRecord } from "../shared/reading";
import { planAllFilters } from "../shared/filters";
import type { InsightSearch } from "./search";

type Fields = Readonly<Record<string, unknown>>;

export interface InsightKind<State extends InsightSearch> {
  /** Title of the page. */
  readonly title: string;
  readonly validate: (search: Record<string, unknown>) => State;
  /** The question without its period. */
  readonly plan: (state: State) => Fields & { readonly kind: string };
  /** From a kept question back to the address: its own fields, as they go through `validate`. */
  readonly read?: (query: Fields) => Fields;
  /** What a kept question asks for that this page has no field for, in words. */
  readonly unshown?: (query: Fields) => readonly (string | false)[];
  /** Fields of the state that say how the answer is shown, and nothing of the question; kept beside it. */
  readonly display?: readonly (keyof State & string)[];
  /** A name for the report, offered when it is saved. */
  readonly name: (state: State) => string;
  /** What is asked, in a few words: "3 steps"; its name without. */
  readonly summary?: (state: State) => string;
  /** Whether the question has a period and filters; those written in SQL say both themselves. */
  readonly isDated?: boolean;
  /** Questions about a window of their own length take only the end of the period. */
  readonly hasOwnStart?: (state: State) => boolean;
  /** Reports that are not cut into buckets of time have no interval. */
  readonly hasInterval?: (state: State) => boolean;
  /** Whether all is chosen that the question needs. */
  readonly isComplete?: (state: State) => boolean;
}

export function planRequest<State extends InsightSearch>(kind: InsightKind<State>, state: State, timezone: string, now: Date): QueryRequest {
  if (kind.isDated === false) return kind.plan(state);
  return { ...kind.plan(state), ...filtersOf(state), ...fittingPeriod(kind, state, planPeriod(state, timezone, now)) };
}

/** The question as it is kept: with a period that moves on, and filters as the query takes them. */
export function planSaved<State extends InsightSearch>(kind: InsightKind<State>, state: State, timezone: string, now: Date): Fields {
  if (kind.isDated === false) return kind.plan(state);
  const query = { ...kind.plan(state), ...filtersOf(state), ...fittingPeriod(kind, state, planSavedPeriod(state, timezone, now)) };
  return planAllFilters(query) as Fields;
}

function fittingPeriod<State extends InsightSearch>(kind: InsightKind<State>, state: State, period: QueryPeriod): Partial<QueryPeriod> {
  const { date_from, interval, ...rest } = period;
  return { ...(kind.hasOwnStart?.(state) ? {} : { date_from }), ...rest, ...(hasInterval(kind, state) ? { interval } : {}) };
}

export function hasInterval<State extends InsightSearch>(kind: InsightKind<State>, state: State): boolean {
  return kind.hasInterval?.(state) ?? true;
}

/** One line about the whole question: "3 steps", and "Last 30 days · 2 filters". */
export function summaryOf<State extends InsightSearch>(kind: InsightKind<State>, state: State): { readonly what: string; readonly when: string } {
  const filters = state.filters?.length ?? 0;
  const when = [kind.isDated !== false && rangeName(state), filters > 0 && counted(filters, "filter")].filter(Boolean).join(" · ");
  return { what: kind.summary?.(state) ?? kind.name(state), when };
}

/** "1 step", "3 steps". */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

function filtersOf({ filters }: InsightSearch) {
  return filters?.length ? { filters } : {};
}

/** How the answer is shown, as it is kept; what others kept beside it stays. */
export function planDisplay<State extends InsightSearch>(kind: InsightKind<State>, state: State, kept: Fields = {}): Fields {
  const known: readonly string[] = kind.display ?? [];
  const others = Object.entries(kept).filter(([name]) => !known.includes(name));
  const own = (kind.display ?? []).map((name) => [name, state[name]] as const).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...others, ...own]);
}

/** How many values a breakdown has where the question does not say. */
export const SERVERS_LIMIT = 25;

/** From a kept question, and how it was shown, to the address. What the question leaves open is as the server takes it, not as a new report has it. */
export function readSaved<State extends InsightSearch>(kind: InsightKind<State>, query: Fields, display: Fields = {}): State {
  const own = kind.read?.(query);
  const period: PeriodSearch = readSavedPeriod({ ...query, ...own });
  const limit = query.breakdown && query.breakdown_limit === undefined ? { breakdown_limit: SERVERS_LIMIT } : {};
  const shown = (kind.display ?? []).filter((name) => name in display).map((name) => [name, display[name]]);
  return kind.validate({ ...query, ...limit, ...own, ...period, ...Object.fromEntries(shown) });
}

/** Whether the report on the page differs from the kept one, in what it asks or in how it is shown. */
export function differs<State extends InsightSearch>(kind: InsightKind<State>, state: State, query: Fields, display: Fields = {}): boolean {
  const now = new Date(0);
  const write = (one: State) => stable([planSaved(kind, one, "UTC", now), planDisplay(kind, one)]);
  return write(state) !== write(readSaved(kind, query, display));
}

/** JSON with its fields in order of their names. */
export function stable(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => (isRecord(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => a.localeCompare(b))) : one));
}
