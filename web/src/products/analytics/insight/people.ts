/** People of a list as words and as lines of a file. */
import type { FoundPerson } from "@/api";

import type { CsvValue } from "./csv";

/** What is shown of a person first, where it was sent. */
const TELLING = ["email", "name", "plan", "company", "country", "$geoip_country_code", "role"];
const MOST = 4;

/** The few properties that tell most about a person, in words. */
export function tellingProperties(person: FoundPerson): [string, string][] {
  const known = Object.entries(person.properties).filter(([, value]) => value !== null && typeof value !== "object");
  const rank = ([name]: [string, unknown]) => {
    const place = TELLING.indexOf(name);
    return place < 0 ? (name.startsWith("$") ? TELLING.length + 1 : TELLING.length) : place;
  };
  const shown = known.filter(([, value]) => String(value) !== person.name).sort((one, other) => rank(one) - rank(other));
  return shown.slice(0, MOST).map(([name, value]) => [name, String(value)]);
}

/** A column for every property that somebody of the list has. */
export function peopleCsv(people: readonly FoundPerson[]): CsvValue[][] {
  const names = [...new Set(people.flatMap((person) => Object.keys(person.properties)))].sort();
  const head = ["person", "name", "distinct_ids", "created_at", "is_identified", ...names];
  const lines = people.map((person) => [
    String(person.person),
    person.name,
    person.distinct_ids.join(" "),
    person.created_at,
    String(person.is_identified),
    ...names.map((name) => cell(person.properties[name])),
  ]);
  return [head, ...lines];
}

function cell(value: unknown): CsvValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "string") return value;
  return JSON.stringify(value);
}
