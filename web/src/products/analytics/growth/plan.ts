/** From the lifecycle page's state to its questions, and from their answers to charts. */
import type { Point, SeriesColour } from "@/charts/spec";

import type { EventChoice } from "../insight/events";
import { readEventChoice } from "../insight/events";
import type { InsightKind } from "../insight/kind";
import type { NamedSeries, SeriesChart, SeriesGrid } from "../insight/seriesChart";
import { chosenInterval } from "../shared/periods";
import { eventName } from "../shared/properties";
import { STATUSES, validateGrowthSearch, type GrowthSearch, type GrowthTab, type Status } from "./search";

interface SentSeries {
  readonly name: string;
  readonly data: readonly Point[];
}

export interface LifecycleResult {
  readonly labels: readonly string[];
  readonly series: readonly SentSeries[];
  readonly incomplete_from?: number | null;
}

export interface GrowthAccountingResult extends LifecycleResult {
  readonly quick_ratio: readonly Point[];
  readonly growth_rate: readonly Point[];
}

export interface PowerUsersResult {
  readonly labels: readonly number[];
  readonly series: readonly SentSeries[];
  /** Per cent of the people with at least so many days. */
  readonly at_least: readonly number[];
  readonly people: number;
  readonly mean_days: number;
}

export type GrowthResult = LifecycleResult | GrowthAccountingResult | PowerUsersResult;

export const ANY: EventChoice = { event: null };

export function tabOf(search: GrowthSearch): GrowthTab {
  return search.tab ?? "lifecycle";
}

export const TAB_NAMES: Record<GrowthTab, string> = { lifecycle: "Lifecycle", growth_accounting: "Growth accounting", power_users: "Power users" };

export const GROWTH: InsightKind<GrowthSearch> = {
  title: "Lifecycle",
  validate: validateGrowthSearch,
  plan: (search) => ({ kind: tabOf(search), ...planActivity(search.activity ?? ANY), ...(tabOf(search) === "power_users" && search.window ? { window: search.window } : {}) }),
  // The power-user curve has no start of its own; the usual one stands for it, should another tab be chosen.
  read: (query) => ({ tab: query.kind, activity: readEventChoice({ event: query.event }), ...(query.kind === "power_users" ? { date_from: "-29d" } : {}) }),
  display: ["hidden"],
  name: (search) => `${TAB_NAMES[tabOf(search)]}: ${eventName((search.activity ?? ANY).event)}`,
  hasInterval: (search) => tabOf(search) !== "power_users",
  hasOwnStart: (search) => tabOf(search) === "power_users",
};

function planActivity({ event }: EventChoice) {
  return event === null ? {} : { event };
}

export const STATUS_NAMES: Record<Status, string> = { new: "New", returning: "Returning", resurrecting: "Resurrecting", dormant: "Dormant" };
const STATUS_COLOURS: Record<Status, SeriesColour> = { new: 3, returning: 1, resurrecting: 5, dormant: 2 };

export const STATUS_MEANINGS: Record<Status, string> = {
  new: "first seen in the interval",
  returning: "active in it and in the one before",
  resurrecting: "active in it, not in the one before, and known from earlier",
  dormant: "active in the one before and not in it; drawn below zero",
};

export function planLifecycle(result: LifecycleResult, search: GrowthSearch): SeriesChart {
  const hidden = new Set<string>(search.hidden);
  const series = STATUSES.flatMap((status) => {
    const found = result.series.find((one) => one.name === status);
    return found && !hidden.has(status) ? [{ id: status, name: STATUS_NAMES[status], colour: STATUS_COLOURS[status], data: found.data }] : [];
  });
  return overTime(result, search, series);
}

function overTime(result: LifecycleResult, search: GrowthSearch, series: readonly NamedSeries[]): SeriesChart {
  return { title: GROWTH.name(search), kind: "stacked-bar", interval: chosenInterval(search), labels: result.labels, series, incompleteFrom: result.incomplete_from ?? undefined };
}

const ACCOUNTS: readonly (readonly [id: string, name: string, colour: SeriesColour])[] = [
  ["new", "New", 3],
  ["retained", "Retained", 1],
  ["resurrected", "Resurrected", 5],
  ["churned", "Churned", 2],
];

/** What was gained above zero and what was lost below, so that the balance can be seen. */
export function planAccounting(result: GrowthAccountingResult, search: GrowthSearch): SeriesChart {
  const data = (id: string) => result.series.find((one) => one.name === id)?.data ?? [];
  const signed = (id: string) => (id === "churned" ? data(id).map((value) => value && -value) : data(id));
  return overTime(result, search, ACCOUNTS.map(([id, name, colour]) => ({ id, name, colour, data: signed(id) })));
}

/** The balance in full: with the whole it adds up to, and what it comes to. */
export function planAccountingTable(result: GrowthAccountingResult, search: GrowthSearch): SeriesGrid {
  const chart = planAccounting(result, search);
  const active = result.series.find((one) => one.name === "active")?.data ?? [];
  const rates = [
    { id: "growth_rate", name: "Growth", unit: "percent", data: result.growth_rate },
    { id: "quick_ratio", name: "Quick ratio", unit: "number", data: result.quick_ratio },
  ] as const;
  return { ...chart, series: [{ id: "active", name: "Active", data: active }, ...chart.series, ...rates] };
}

/** The newest period that is over: the one before an unfinished last. */
export function newestWhole(result: GrowthAccountingResult): number {
  return (result.incomplete_from ?? result.labels.length) - 1;
}

export function planPower(result: PowerUsersResult, search: GrowthSearch): SeriesChart {
  const [series] = result.series;
  return {
    title: GROWTH.name(search),
    kind: "bar",
    interval: "value",
    axisName: `Days with activity, of ${result.labels.length}`,
    labels: result.labels.map(String),
    series: [{ id: "people", name: "People", colour: 1, data: series?.data ?? [] }],
  };
}
