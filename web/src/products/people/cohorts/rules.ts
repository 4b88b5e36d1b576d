/** The criteria of a cohort as the builder holds them: a tree whose nodes keep their identity while they are edited. */
import type { EventChoice } from "@/products/analytics/insight/events";
import { takesValue, type Filter } from "@/products/analytics/shared/filters";

export const CRITERIA = ["behaviour", "not_done", "first_time", "stopped", "sequence", "person", "cohort"] as const;
export type CriterionKind = (typeof CRITERIA)[number];

/** How the members of a group are joined: and, or, and the negations of both. */
export const JOINTS = ["all", "any", "none", "not_all"] as const;
export type Joint = (typeof JOINTS)[number];

export const UNITS = ["second", "minute", "hour", "day", "week"] as const;
export type Unit = (typeof UNITS)[number];

export const COUNTS = ["gte", "lte", "exact"] as const;
export type CountOperator = (typeof COUNTS)[number];

/** Every field of every kind, so that changing the kind loses nothing that was chosen. */
export interface Criterion {
  readonly id: string;
  readonly node: "criterion";
  readonly kind: CriterionKind;
  readonly did: EventChoice;
  readonly count: { readonly operator: CountOperator; readonly value: number };
  /** null is ever. */
  readonly days: number | null;
  /** Of people who stopped: how far back they did it; null is ever. */
  readonly beforeDays: number | null;
  readonly steps: readonly EventChoice[];
  readonly within: { readonly value: number; readonly unit: Unit };
  readonly person: Filter | null;
  readonly cohort: number | null;
  readonly isIn: boolean;
}

export interface RuleGroup {
  readonly id: string;
  readonly node: "group";
  readonly joint: Joint;
  readonly members: readonly RuleNode[];
}

export type RuleNode = RuleGroup | Criterion;

export const DEFAULT_DAYS = 30;
export const MOST_DAYS = 3660;
export const MOST_STEPS = 8;
/** The server nests eight deep; nobody reads more than three. */
export const MOST_DEPTH = 3;

let made = 0;
const newId = () => `n${(made += 1)}`;

const ANY: EventChoice = { event: null };

export function newCriterion(fields: Partial<Criterion> = {}): Criterion {
  return {
    id: newId(),
    node: "criterion",
    kind: "behaviour",
    did: ANY,
    count: { operator: "gte", value: 1 },
    days: DEFAULT_DAYS,
    beforeDays: null,
    steps: [ANY, ANY],
    within: { value: 14, unit: "day" },
    person: null,
    cohort: null,
    isIn: true,
    ...fields,
  };
}

export function newGroup(members: readonly RuleNode[] = [newCriterion()], joint: Joint = "all"): RuleGroup {
  return { id: newId(), node: "group", joint, members };
}

/** The criterion as another kind; those that need a number of days get one. */
export function withKind(criterion: Criterion, kind: CriterionKind): Criterion {
  const needsDays = kind === "first_time" || kind === "stopped";
  return { ...criterion, kind, days: needsDays ? (criterion.days ?? DEFAULT_DAYS) : criterion.days };
}

export function replaceMember(group: RuleGroup, index: number, member: RuleNode): RuleGroup {
  return { ...group, members: group.members.map((one, position) => (position === index ? member : one)) };
}

export function removeMember(group: RuleGroup, index: number): RuleGroup {
  return { ...group, members: group.members.filter((_, position) => position !== index) };
}

/** What is missing, in words; null where the server can be asked. */
export function faultOf(node: RuleNode): string | null {
  if (node.node === "group") {
    if (node.members.length === 0) return "A group has no criteria.";
    return node.members.map(faultOf).find((fault) => fault !== null) ?? null;
  }
  return faultOfCriterion(node);
}

function faultOfCriterion({ kind, days, beforeDays, count, steps, within, person, cohort }: Criterion): string | null {
  if (kind === "person") return person?.property && (!takesValue(person.operator) || hasValue(person)) ? null : "A person property needs a value.";
  if (kind === "cohort") return cohort === null ? "Choose a cohort." : null;
  if (!isCount(days ?? 1, 1, MOST_DAYS)) return `Days must be a whole number from 1 to ${MOST_DAYS}.`;
  if (kind === "behaviour" && !isCount(count.value, count.operator === "gte" ? 1 : 0, 1_000_000)) return "How many times must be a whole number.";
  if (kind === "stopped" && beforeDays !== null && beforeDays <= (days ?? 0)) return "Those who stopped must have done it longer ago than they have not done it.";
  if (kind === "sequence" && steps.length < 2) return "A sequence needs two events or more.";
  if (kind === "sequence" && !isCount(within.value, 1, 1_000_000)) return "The time of a sequence must be a whole number.";
  return null;
}

function isCount(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function hasValue({ value }: Filter): boolean {
  return value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
}
