/** The criteria of a cohort in words, to follow "People who". */
import type { CohortView } from "@/api/audiences";
import type { EventChoice } from "@/products/analytics/insight/events";
import { describeFilter, type CohortNames } from "@/products/analytics/shared/filters";
import { eventName } from "@/products/analytics/shared/properties";

import { readDefinition } from "./definition";
import type { CountOperator, Criterion, Joint, RuleGroup, RuleNode } from "./rules";

export function describeRules(group: RuleGroup, cohorts: CohortNames): string {
  return describeGroup(group, cohorts);
}

const BETWEEN: Record<Joint, string> = { all: " and ", any: " or ", none: " or ", not_all: " and " };

function describeGroup({ joint, members }: RuleGroup, cohorts: CohortNames): string {
  const parts = members.map((member) => describeMember(member, cohorts, members.length > 1));
  const joined = parts.join(BETWEEN[joint]);
  if (joint === "none") return `are not among those who ${parts.length > 1 ? `(${joined})` : joined}`;
  return joint === "not_all" ? `are not among those who (${joined})` : joined;
}

function describeMember(node: RuleNode, cohorts: CohortNames, isOneOfMany: boolean): string {
  if (node.node === "criterion") return describeCriterion(node, cohorts);
  const words = describeGroup(node, cohorts);
  return isOneOfMany && node.members.length > 1 ? `(${words})` : words;
}

const COUNT_WORDS: Record<CountOperator, string> = { gte: "at least", lte: "at most", exact: "exactly" };

function describeCriterion(criterion: Criterion, cohorts: CohortNames): string {
  const { kind, did, count, days, beforeDays, steps, within, person, cohort, isIn } = criterion;
  const event = describeChoice(did, cohorts);
  switch (kind) {
    case "behaviour":
      return `did ${event} ${COUNT_WORDS[count.operator]} ${times(count.value)}${lately(days)}`;
    case "not_done":
      return `did not do ${event}${lately(days)}`;
    case "first_time":
      return `did ${event} for the first time${lately(days)}`;
    case "stopped":
      return `did ${event}${lately(beforeDays)}, but not${lately(days)}`;
    case "sequence":
      return `did ${steps.map((step) => describeChoice(step, cohorts)).join(", then ")} within ${within.value} ${within.unit}${within.value === 1 ? "" : "s"},${lately(days)}`;
    case "person":
      return person ? `have ${describeFilter({ ...person, type: "event" })}` : "have a property";
    case "cohort":
      return `are ${isIn ? "in" : "not in"} ${cohort === null ? "a cohort" : (cohorts.get(String(cohort)) ?? `cohort ${cohort}`)}`;
  }
}

function describeChoice({ event, filters }: EventChoice, cohorts: CohortNames): string {
  const name = eventName(event).toLowerCase() === "any event" ? "any event" : eventName(event);
  return filters?.length ? `${name} (${filters.map((filter) => describeFilter(filter, cohorts)).join(", ")})` : name;
}

function times(value: number): string {
  return `${Number.isNaN(value) ? "…" : value} ${value === 1 ? "time" : "times"}`;
}

function lately(days: number | null): string {
  if (days === null) return " at any time";
  return days === 1 ? " today" : ` in the last ${Number.isNaN(days) ? "…" : days} days`;
}

/** Who is meant, in a sentence; in the server's words where the builder has none. */
export function meaningOf(cohort: Pick<CohortView, "definition" | "meaning">, cohorts: CohortNames): string {
  const rules = cohort.definition && readDefinition(cohort.definition);
  return rules ? `People who ${describeRules(rules, cohorts)}.` : cohort.meaning;
}
