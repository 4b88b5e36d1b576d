/** Filters as the URL keeps them, which is as the query takes them. */
import { propertyName, sessionPropertyName, valueName } from "./properties";
import { isRecord, listOf, oneOf, text } from "./reading";

export const OPERATORS = [
  "exact",
  "is_not",
  "icontains",
  "not_icontains",
  "regex",
  "gt",
  "gte",
  "lt",
  "lte",
  "is_set",
  "is_not_set",
  "in",
  "not_in",
  "is_date_before",
  "is_date_after",
  "not_regex",
] as const;
export type Operator = (typeof OPERATORS)[number];

type Scalar = string | number | boolean;
export type FilterValue = Scalar | Scalar[] | undefined;

/** Whose property it is. */
export const OWNERS = ["event", "person", "session", "group", "cohort"] as const;
export type Owner = (typeof OWNERS)[number];

export interface Filter {
  /** `sql` holds an expression as its value and has no property; `cohort` has the numbers of cohorts as its value. */
  readonly type: Owner | "sql";
  readonly property: string;
  readonly operator: Operator;
  readonly value?: FilterValue;
  readonly group_type?: string | undefined;
}

export const readOwner = oneOf(OWNERS);
const readFilterType = oneOf([...OWNERS, "sql"] as const);
export const readProperty = text();
const readOperator = oneOf(OPERATORS);

function readFilter(filter: unknown): Filter | undefined {
  if (!isRecord(filter)) return undefined;
  const type = readFilterType(filter.type) ?? "event";
  const property = readProperty(filter.property) ?? WITHOUT_PROPERTY[type];
  if (property === undefined) return undefined;
  const operator = readOperator(filter.operator) ?? (type === "cohort" ? "in" : "exact");
  const value = readValue(filter.value);
  if (takesValue(operator) && value === undefined) return undefined;
  const group = readProperty(filter.group_type);
  if (type === "group" && !group) return undefined;
  return { type, property, operator, ...(value === undefined ? {} : { value }), ...(type === "group" ? { group_type: group } : {}) };
}

const WITHOUT_PROPERTY: Partial<Record<Filter["type"], string>> = { sql: "sql", cohort: "cohort" };

function readValue(value: unknown): FilterValue {
  if (Array.isArray(value)) return value.filter(isScalar);
  return isScalar(value) ? value : undefined;
}

function isScalar(value: unknown): value is Scalar {
  return ["string", "number", "boolean"].includes(typeof value);
}

/** Filters in the URL. */
export const filtersSearch = listOf(readFilter);

const OPERATOR_NAMES: Record<Operator, string> = {
  exact: "is",
  is_not: "is not",
  icontains: "contains",
  not_icontains: "does not contain",
  regex: "matches",
  gt: "is over",
  gte: "is at least",
  lt: "is under",
  lte: "is at most",
  is_set: "is set",
  is_not_set: "is not set",
  in: "is one of",
  not_in: "is none of",
  is_date_before: "is before",
  is_date_after: "is after",
  not_regex: "does not match",
};

export function operatorName(operator: Operator): string {
  return OPERATOR_NAMES[operator];
}

const COHORT_OPERATOR_NAMES: Partial<Record<Operator, string>> = { in: "In cohort", exact: "In cohort", not_in: "Not in cohort", is_not: "Not in cohort" };

export const COHORT_OPERATORS = ["in", "not_in"] as const satisfies readonly Operator[];

/** Stored types as the catalogue names them, told apart only as far as operators differ. */
export type ValueKind = "text" | "number" | "boolean" | "date";

export function kindOf(types: readonly string[]): ValueKind {
  if (types.some((type) => /^(U?Int|Float|Decimal)/i.test(type))) return "number";
  if (types.some((type) => /^Date/i.test(type))) return "date";
  if (types.some((type) => /^Bool/i.test(type))) return "boolean";
  return "text";
}

const BY_KIND: Record<ValueKind, readonly Operator[]> = {
  text: ["exact", "is_not", "icontains", "not_icontains", "in", "not_in", "regex", "is_set", "is_not_set"],
  number: ["exact", "is_not", "gt", "gte", "lt", "lte", "is_set", "is_not_set"],
  boolean: ["exact", "is_set", "is_not_set"],
  date: ["is_date_before", "is_date_after", "is_set", "is_not_set"],
};

export function operatorsFor(kind: ValueKind): readonly Operator[] {
  return BY_KIND[kind];
}

export function takesValue(operator: Operator): boolean {
  return operator !== "is_set" && operator !== "is_not_set";
}

export function takesMany(operator: Operator): boolean {
  return operator === "in" || operator === "not_in";
}

/** Cohorts by number; what has no name here is shown by its number. */
export type CohortNames = ReadonlyMap<string, string>;

/** A filter in words: `Country is Germany`. */
export function describeFilter(filter: Filter, cohorts?: CohortNames): string {
  if (filter.type === "sql") return String(filter.value);
  if (filter.type === "cohort") return `${COHORT_OPERATOR_NAMES[filter.operator] ?? "In cohort"} ${valuesOf(filter).map((id) => cohorts?.get(String(id)) ?? id).join(", ")}`;
  const name = ownedName(filter);
  const operator = operatorName(filter.operator);
  return takesValue(filter.operator) ? `${name} ${operator} ${describeValue(filter)}` : `${name} ${operator}`;
}

interface Owned {
  readonly type: Filter["type"];
  readonly property: string;
  readonly group_type?: string | undefined;
}

/** A property with whose it is: `Person's plan`. */
export function ownedName({ type, property, group_type }: Owned): string {
  if (type === "cohort") return "Cohort";
  if (type === "session") return `Session's ${sessionPropertyName(property)}`;
  const name = propertyName(property);
  if (type === "person") return `Person's ${name}`;
  return type === "group" ? `${group_type}'s ${name}` : name;
}

function valuesOf(filter: Filter): Scalar[] {
  return Array.isArray(filter.value) ? filter.value : [filter.value ?? ""];
}

function describeValue(filter: Filter): string {
  return valuesOf(filter)
    .map((value) => valueName(filter.property, String(value)))
    .join(", ");
}

/** Adds a filter, once: picking the same row twice changes nothing. */
export function withFilter(filters: readonly Filter[], added: Filter): Filter[] {
  const same = filters.some((one) => JSON.stringify(one) === JSON.stringify(added));
  return same ? [...filters] : [...filters, added];
}

export function withoutFilter(filters: readonly Filter[], index: number): Filter[] {
  return filters.filter((_, position) => position !== index);
}

/** The filter a row of a breakdown stands for. What was not sent is filtered as not set. */
export function rowFilter(property: string, value: string): Filter {
  if (value === "") return { type: "event", property, operator: "is_not_set" };
  return { type: "event", property, operator: "exact", value };
}

/** As the query takes them: the event's own name is no property, so a filter on it goes as an expression. */
export function planFilters(filters: readonly Filter[]): unknown[] {
  return filters.map(planFilter);
}

function planFilter(filter: Filter): unknown {
  if (filter.type === "sql") return { type: "sql", value: filter.value };
  if (filter.type === "cohort") return { type: "cohort", operator: filter.operator, value: valuesOf(filter).map(Number) };
  return filter.property === "event" && filter.type === "event" ? planEventFilter(filter) : filter;
}

function planEventFilter(filter: Filter): unknown {
  const values = valuesOf(filter).map((value) => sqlText(String(value)));
  const negative = filter.operator === "is_not" || filter.operator === "not_in";
  return { type: "sql", value: `event ${negative ? "NOT IN" : "IN"} (${values.join(", ")})` };
}

function sqlText(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** A request with all its filters as the query takes them, those of steps and series included. */
export function planAllFilters(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(planAllFilters);
  if (!isRecord(value)) return value;
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(fields.flatMap(([name, one]) => (name === "filters" ? sentFilters(one) : [[name, planAllFilters(one)]])));
}

function sentFilters(value: unknown): [string, unknown][] {
  return Array.isArray(value) && value.length > 0 ? [["filters", planFilters(value as Filter[])]] : [];
}
