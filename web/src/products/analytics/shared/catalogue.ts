import { useQuery } from "@tanstack/react-query";

import { fetchCatalogueValues, runQuery, useCatalogueEvents, useCatalogueProperties, useCohorts } from "@/api";
import { useProject } from "@/app/project";
import { formatCompact } from "@/lib/numbers";
import type { ComboboxOption } from "@/design";

import type { BreakdownField } from "./answers";
import { kindOf, ownedName, type CohortNames, type Filter, type Owner } from "./filters";
import { eventName, propertyName, SESSION_NUMBERS, SESSION_PROPERTIES } from "./properties";

interface Listed {
  readonly name: string;
  readonly type: Owner;
  readonly types: readonly string[];
  readonly column: boolean;
}

const SESSIONS: readonly Listed[] = SESSION_PROPERTIES.map((name) => ({ name, type: "session", types: [SESSION_NUMBERS.has(name) ? "Float64" : "String"], column: true }));

/** Properties and their values, as the pickers of a page need them. */
export function useCatalogue(event: string | null) {
  const project = useProject();
  const sent: readonly Listed[] = useCatalogueProperties(project.id, event).data?.items ?? [];
  const items = [...sent, ...SESSIONS];
  return {
    /** For filters and breakdowns: of events, people, sessions, and cohorts. */
    properties: [...items.map(propertyOption), COHORT_OPTION],
    /** The same without cohorts. */
    owned: items.map(propertyOption),
    numeric: items.filter((item) => item.type === "event" && kindOf(item.types) === "number").map(propertyOption),
    keyOf,
    parse: parseKey,
    typesOf: (type: Filter["type"], property: string | null) => items.find((item) => item.name === property && item.type === type)?.types ?? [],
    values: (property: string, type: Filter["type"] = "event") => async (search: string, signal: AbortSignal) => {
      if (type !== "event" && type !== "person") return [];
      const found = await fetchCatalogueValues(project.id, { property, type, event, search }, signal);
      return found.items.map((item) => ({ value: item.value, detail: formatCompact(item.count) }));
    },
  };
}

const COHORT_KEY = "cohort:";
const COHORT_OPTION: ComboboxOption = { value: COHORT_KEY, label: "Cohort", group: "People" };

/** Event properties go by their own name; others are marked with whose they are, since both may have the same. */
function keyOf({ type, property, group_type }: { type: Filter["type"]; property: string; group_type?: string | undefined }): string {
  if (type === "cohort") return COHORT_KEY;
  if (type === "group") return `group:${group_type}:${property}`;
  return type === "person" || type === "session" ? `${type}:${property}` : property;
}

/** The property a key of a picker means; typed by hand, `group:company:plan` is a property of groups. */
function parseKey(key: string): BreakdownField {
  if (key === COHORT_KEY) return { type: "cohort", property: "cohort" };
  const [, owner, rest = ""] = /^(person|session|group):([^]+)$/.exec(key) ?? [];
  if (owner === "person" || owner === "session") return { type: owner, property: rest };
  const [, kind, property] = /^([^:]+):([^]+)$/.exec(owner ? rest : "") ?? [];
  return kind && property ? { type: "group", group_type: kind, property } : { type: "event", property: key };
}

function propertyOption(item: Listed): ComboboxOption {
  const label = item.type === "session" ? ownedName({ type: "session", property: item.name }) : propertyName(item.name);
  return {
    value: keyOf({ type: item.type, property: item.name }),
    label,
    detail: label === item.name ? undefined : item.name,
    group: groupOf(item),
  };
}

function groupOf(item: Listed): string {
  if (item.type === "session") return "Sessions";
  if (item.type === "person") return "Person properties";
  return item.column ? "Common" : "Event properties";
}

/** Cohorts by number, asked for only where something names one. */
export function useCohortNames(enabled: boolean): CohortNames {
  const project = useProject();
  const items = useCohorts(project.id, enabled).data?.items ?? [];
  return new Map(items.map(({ id, name }) => [String(id), name]));
}

const FEW_MINUTES = 300_000;

/** Types of groups that were sent; asked in SQL, since the catalogue lists none. */
export function useGroupTypes(): ComboboxOption[] {
  const project = useProject();
  const found = useQuery({
    queryKey: ["project", project.id, "group-types"],
    queryFn: ({ signal }) => runQuery(project.id, { kind: "sql", sql: "SELECT DISTINCT type FROM groups ORDER BY type LIMIT 50" }, signal),
    staleTime: FEW_MINUTES,
    retry: false,
  });
  return (found.data?.result.rows ?? []).map(([type]) => ({ value: String(type) }));
}

export const ANY_EVENT = "*";

/** Events for a picker; the first choice is any event, where that makes sense. */
export function useEventOptions(withAny = true): ComboboxOption[] {
  const project = useProject();
  const items = useCatalogueEvents(project.id).data?.items ?? [];
  const listed = items.map((item) => ({
    value: item.event,
    label: eventName(item.event),
    detail: formatCompact(item.count),
    group: "Events",
  }));
  return withAny ? [{ value: ANY_EVENT, label: eventName(null) }, ...listed] : listed;
}
