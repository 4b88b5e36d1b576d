/** What every report keeps in its address beside its own fields. */
import { filtersSearch, type Filter } from "../shared/filters";
import { periodSearch, type PeriodSearch } from "../shared/periods";
import { isRecord, text, wholeNumber } from "../shared/reading";

/** One number of an answer, so that its people can be listed; the fields of the point are the kind's own. */
export interface PeopleTarget {
  readonly title: string;
  readonly point: Readonly<Record<string, unknown>>;
}

const readTitle = text(/^[^]{1,300}$/);

function readPeople(value: unknown): PeopleTarget | undefined {
  if (!isRecord(value) || !isRecord(value.point)) return undefined;
  return { title: readTitle(value.title) ?? "People", point: value.point };
}

export const insightSearch = {
  ...periodSearch,
  filters: filtersSearch,
  /** The saved insight that is open. */
  insight: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  /** The number whose people are listed over the page. */
  people: readPeople,
};

export interface InsightSearch extends PeriodSearch {
  readonly filters?: Filter[] | undefined;
  readonly insight?: number | undefined;
  readonly people?: PeopleTarget | undefined;
}

const NO_REPORT: ReadonlySet<string> = new Set(["insight", "people", "project"]);

/** The address names a saved insight and says nothing of its own. */
export function namesOnlyInsight(state: InsightSearch): boolean {
  const own = Object.entries(state).filter(([name, value]) => !NO_REPORT.has(name) && value !== undefined);
  return state.insight !== undefined && own.length === 0;
}
