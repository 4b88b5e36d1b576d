/** Criteria between the builder and the server. What the builder cannot show is not read, so that saving never loses it. */
import type { Definition } from "@/api/audiences";
import type { EventChoice } from "@/products/analytics/insight/events";
import { stable } from "@/products/analytics/insight/kind";
import { filtersSearch, planFilters, type Filter } from "@/products/analytics/shared/filters";
import { isRecord, oneOf } from "@/products/analytics/shared/reading";

import { COUNTS, CRITERIA, newCriterion, newGroup, UNITS, type Criterion, type Joint, type RuleGroup, type RuleNode } from "./rules";

type Fields = Readonly<Record<string, unknown>>;

export function writeDefinition(group: RuleGroup): Definition {
  return writeNode(group);
}

function writeNode(node: RuleNode): Definition {
  if (node.node === "criterion") return writeCriterion(node);
  const members = node.members.map(writeNode);
  const joined = { [node.joint === "all" || node.joint === "not_all" ? "and" : "or"]: members };
  return node.joint === "none" || node.joint === "not_all" ? { not: joined } : joined;
}

function writeCriterion({ kind, did, count, days, beforeDays, steps, within, person, cohort, isIn }: Criterion): Definition {
  const lately = days === null ? {} : { days };
  switch (kind) {
    case "behaviour":
      return { type: kind, ...writeChoice(did), count, ...lately };
    case "not_done":
    case "first_time":
      return { type: kind, ...writeChoice(did), ...lately };
    case "stopped":
      return { type: kind, ...writeChoice(did), ...lately, ...(beforeDays === null ? {} : { before_days: beforeDays }) };
    case "sequence":
      return { type: kind, events: steps.map(writeChoice), within, ...lately };
    case "person":
      return { ...person };
    case "cohort": {
      const member = { type: kind, value: cohort };
      return isIn ? member : { not: member };
    }
  }
}

function writeChoice({ event, filters }: EventChoice): Fields {
  return { event, ...(filters?.length ? { filters: planFilters(filters) } : {}) };
}

/** Whether a kept definition says the same as one of the builder, in whatever words. */
export function isSameDefinition(written: Definition, kept: Definition | null): boolean {
  const read = kept && readDefinition(kept);
  return read !== null && stable(writeDefinition(read)) === stable(written);
}

/** The criteria as a tree; null where they hold what the builder has no words for. */
export function readDefinition(definition: Definition): RuleGroup | null {
  const node = readNode(definition);
  if (node === null) return null;
  return node.node === "group" ? node : newGroup([node]);
}

function readNode(value: unknown): RuleNode | null {
  if (!isRecord(value)) return null;
  if ("not" in value) return readNegated(value.not);
  if ("and" in value) return readGroup(value.and, "all");
  if ("or" in value) return readGroup(value.or, "any");
  return readCriterion(value);
}

const NEGATED: Record<Joint, Joint> = { all: "not_all", any: "none", none: "any", not_all: "all" };

function readNegated(value: unknown): RuleNode | null {
  const node = readNode(value);
  if (node === null) return null;
  if (node.node === "group") return { ...node, joint: NEGATED[node.joint] };
  return node.kind === "cohort" ? { ...node, isIn: !node.isIn } : newGroup([node], "none");
}

function readGroup(value: unknown, joint: Joint): RuleGroup | null {
  if (!Array.isArray(value)) return null;
  const members = value.map(readNode);
  return members.every((member) => member !== null) ? newGroup(members, joint) : null;
}

const readKind = oneOf(CRITERIA);
const readOperator = oneOf(COUNTS);
const readUnit = oneOf(UNITS);

const KNOWN: Record<Criterion["kind"], readonly string[]> = {
  behaviour: ["event", "filters", "count", "days"],
  not_done: ["event", "filters", "days"],
  first_time: ["event", "filters", "days"],
  stopped: ["event", "filters", "days", "before_days"],
  sequence: ["events", "within", "days"],
  person: ["property", "operator", "value"],
  cohort: ["value", "property", "operator"],
};

function readCriterion(value: Fields): Criterion | null {
  const kind = readKind(value.type);
  if (!kind || Object.keys(value).some((name) => name !== "type" && !KNOWN[kind].includes(name))) return null;
  if (kind === "person") return withOne("person", readFilters([value])?.[0]);
  if (kind === "cohort") return readCohort(value);
  const days = readDays(value.days);
  if (days === undefined) return null;
  if (kind === "sequence") return readSequence(value, days);
  const did = readChoice(value);
  const count = readCount(value.count);
  const beforeDays = readDays(value.before_days);
  if (!did || !count || beforeDays === undefined) return null;
  return newCriterion({ kind, did, count, days, beforeDays });
}

function readCohort({ value, operator }: Fields): Criterion | null {
  const numbers = Array.isArray(value) ? (value as unknown[]) : [value];
  const [cohort] = numbers;
  if (numbers.length !== 1 || typeof cohort !== "number" || (operator !== undefined && operator !== "in")) return null;
  return newCriterion({ kind: "cohort", cohort });
}

function readSequence({ events, within }: Fields, days: number | null): Criterion | null {
  const steps = Array.isArray(events) ? events.map((step) => (isRecord(step) ? readChoice(step) : null)) : [];
  const limit = within === undefined ? { value: 14, unit: "day" } : within;
  const unit = isRecord(limit) ? readUnit(limit.unit ?? "day") : undefined;
  if (!isRecord(limit) || !unit || !steps.every((step) => step !== null)) return null;
  return newCriterion({ kind: "sequence", steps, days, within: { value: Number(limit.value ?? 14), unit } });
}

function readChoice({ event, filters }: Fields): EventChoice | null {
  if (event !== null && typeof event !== "string") return null;
  if (filters === undefined || filters === null) return { event };
  const read = readFilters(filters);
  return read ? { event, ...(read.length > 0 ? { filters: read } : {}) } : null;
}

/** All of them or none: a filter that is left out would widen the cohort. */
function readFilters(value: unknown): Filter[] | null {
  if (!Array.isArray(value)) return null;
  const read = filtersSearch(value) ?? [];
  return read.length === value.length ? read : null;
}

function readCount(value: unknown): Criterion["count"] | null {
  if (value === undefined || value === null) return { operator: "gte", value: 1 };
  if (!isRecord(value)) return null;
  const operator = readOperator(value.operator ?? "gte");
  return operator ? { operator, value: Number(value.value ?? 1) } : null;
}

/** null is ever; undefined cannot be read. */
function readDays(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === "number" ? value : undefined;
}

function withOne(kind: "person", person: Filter | undefined): Criterion | null {
  return person ? newCriterion({ kind, person }) : null;
}
