/** Filters as the URL keeps them, which is as the query takes them. */
import { propertyName, valueName } from "./properties";
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
] as const;
export type Operator = (typeof OPERATORS)[number];

type Scalar = string | number | boolean;
export type FilterValue = Scalar | Scalar[] | undefined;

export interface Filter {
  readonly type: "event" | "person";
  readonly property: string;
  readonly operator: Operator;
  readonly value?: FilterValue;
}

export const readOwner = oneOf(["event", "person"] as const);
const readProperty = text();
const readOperator = oneOf(OPERATORS);

function readFilter(filter: unknown): Filter | undefined {
  if (!isRecord(filter)) return undefined;
  const property = readProperty(filter.property);
  if (property === undefined) return undefined;
  const operator = readOperator(filter.operator) ?? "exact";
  const value = readValue(filter.value);
  if (takesValue(operator) && value === undefined) return undefined;
  return { type: readOwner(filter.type) ?? "event", property, operator, ...(value === undefined ? {} : { value }) };
}

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
};

export function operatorName(operator: Operator): string {
  return OPERATOR_NAMES[operator];
}

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

/** A filter in words: `Country is Germany`. */
export function describeFilter(filter: Filter): string {
  const name = filter.type === "person" ? `Person's ${propertyName(filter.property)}` : propertyName(filter.property);
  const operator = operatorName(filter.operator);
  return takesValue(filter.operator) ? `${name} ${operator} ${describeValue(filter)}` : `${name} ${operator}`;
}

function describeValue(filter: Filter): string {
  const values = Array.isArray(filter.value) ? filter.value : [filter.value ?? ""];
  return values.map((value) => valueName(filter.property, String(value))).join(", ");
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
  return filters.map((filter) => (filter.property === "event" && filter.type === "event" ? planEventFilter(filter) : filter));
}

function planEventFilter(filter: Filter): unknown {
  const values = (Array.isArray(filter.value) ? filter.value : [filter.value ?? ""]).map((value) => sqlText(String(value)));
  const negative = filter.operator === "is_not" || filter.operator === "not_in";
  return { type: "sql", value: `event ${negative ? "NOT IN" : "IN"} (${values.join(", ")})` };
}

function sqlText(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
