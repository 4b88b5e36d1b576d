import { fetchCatalogueValues, useCatalogueEvents, useCatalogueProperties } from "@/api";
import { useProject } from "@/app/project";
import { formatCompact } from "@/lib/numbers";
import type { ComboboxOption } from "@/design";

import { kindOf, type Filter } from "./filters";
import { eventName, propertyName } from "./properties";

type Owner = Filter["type"];

interface Key {
  readonly type: Owner;
  readonly property: string;
}

const PERSON = "person:";

/** Properties and their values, as the pickers of a page need them. */
export function useCatalogue(event: string | null) {
  const project = useProject();
  const items = useCatalogueProperties(project.id, event).data?.items ?? [];
  return {
    properties: items.map(propertyOption),
    numeric: items.filter((item) => item.type === "event" && kindOf(item.types) === "number").map(propertyOption),
    keyOf,
    parse: parseKey,
    typesOf: (type: Owner, property: string | null) => items.find((item) => item.name === property && item.type === type)?.types ?? [],
    values: (property: string) => async (search: string, signal: AbortSignal) => {
      const found = await fetchCatalogueValues(project.id, { property, event, search }, signal);
      return found.items.map((item) => ({ value: item.value, detail: formatCompact(item.count) }));
    },
  };
}

/** Event properties go by their own name; a person's are marked, since both may have the same. */
function keyOf(type: Owner, property: string): string {
  return type === "person" ? PERSON + property : property;
}

function parseKey(key: string): Key {
  return key.startsWith(PERSON) ? { type: "person", property: key.slice(PERSON.length) } : { type: "event", property: key };
}

interface Listed {
  readonly name: string;
  readonly type: Owner;
  readonly column: boolean;
}

function propertyOption(item: Listed): ComboboxOption {
  const label = propertyName(item.name);
  return {
    value: keyOf(item.type, item.name),
    label,
    detail: label === item.name ? undefined : item.name,
    group: item.type === "person" ? "Person properties" : item.column ? "Common" : "Event properties",
  };
}

export const ANY_EVENT = "*";

/** Events for a picker; the first choice is any event. */
export function useEventOptions(): ComboboxOption[] {
  const project = useProject();
  const items = useCatalogueEvents(project.id).data?.items ?? [];
  const listed = items.map((item) => ({
    value: item.event,
    label: eventName(item.event),
    detail: formatCompact(item.count),
    group: "Events",
  }));
  return [{ value: ANY_EVENT, label: eventName(null) }, ...listed];
}
