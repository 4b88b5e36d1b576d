/** Which events a timeline shows, as the address keeps it and as the server is asked. */
import type { EventsSearch } from "@/api/persons";
import { formatDateRange } from "@/charts/dates";
import { listOf, text, type Read } from "@/products/analytics/shared/reading";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const SINCE = /^(-\d{1,4}d|\d{4}-\d{2}-\d{2})$/;

const names = listOf(text(), 20);
/** One name may stand by itself, as it did in older addresses. */
const nameOrNames: Read<string[]> = (value) => names(Array.isArray(value) ? value : [value]);

export const eventFilterSearch = { event: nameOrNames, from: text(SINCE), to: text(DAY) };

export interface EventFilter {
  readonly event?: readonly string[] | undefined;
  /** A day, or so many days before today: -6d. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export const EVERYTHING = { event: undefined, from: undefined, to: undefined } as const;

export function isNarrowed({ event, from, to }: EventFilter): boolean {
  return event !== undefined || from !== undefined || to !== undefined;
}

export function planEvents({ event, from, to }: EventFilter): EventsSearch {
  return { event, date_from: from, date_to: to };
}

/** Periods with a name; today is one of the days. */
export const PERIODS: readonly { readonly from: string | undefined; readonly name: string }[] = [
  { from: undefined, name: "All time" },
  { from: "-0d", name: "Today" },
  { from: "-6d", name: "Last 7 days" },
  { from: "-29d", name: "Last 30 days" },
  { from: "-89d", name: "Last 90 days" },
];

export function periodWords({ from, to }: EventFilter): string {
  const named = PERIODS.find((period) => period.from === from);
  if (named && !to) return named.name;
  const since = from && (DAY.test(from) ? formatDateRange(from, from) : `the last ${1 - Number.parseInt(from, 10)} days`);
  if (!to) return DAY.test(from ?? "") ? `Since ${since}` : `In ${since}`;
  if (!from) return `Until ${formatDateRange(to, to)}`;
  return DAY.test(from) ? formatDateRange(from, to) : `${since} until ${formatDateRange(to, to)}`;
}
