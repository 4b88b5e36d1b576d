/** From the lifecycle page's state to its questions, and from their answers to charts. */
import { seriesColour, type Point, type SeriesColour } from "@/charts/spec";

import type { EventChoice } from "../insight/events";
import { readEventChoice } from "../insight/events";
import type { InsightKind } from "../insight/kind";
import type { NamedSeries, SeriesChart } from "../insight/seriesChart";
import { chosenInterval } from "../shared/periods";
import { eventName } from "../shared/properties";
import { STATUSES, validateGrowthSearch, type GrowthSearch, type GrowthTab, type Status } from "./search";

interface SentSeries {
  readonly name: string;
  readonly data: readonly Point[];
}

export interface GrowthResult {
  readonly labels: readonly (string | number)[];
  readonly series: readonly SentSeries[];
  readonly incomplete_from?: number | null;
}

export const ANY: EventChoice = { event: null };

export function tabOf(search: GrowthSearch): GrowthTab {
  return search.tab ?? "lifecycle";
}

export const TAB_NAMES: Record<GrowthTab, string> = { lifecycle: "Lifecycle", growth_accounting: "Growth accounting", power_users: "Power users" };

export const GROWTH: InsightKind<GrowthSearch> = {
  title: "Lifecycle",
  validate: validateGrowthSearch,
  plan: (search) => ({ kind: tabOf(search), ...planActivity(search.activity ?? ANY) }),
  read: (query) => ({ tab: query.kind, activity: readEventChoice({ event: query.event }) }),
  name: (search) => `${TAB_NAMES[tabOf(search)]}: ${eventName((search.activity ?? ANY).event)}`,
  hasInterval: (search) => tabOf(search) !== "power_users",
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

export function planLifecycle(result: GrowthResult, search: GrowthSearch): SeriesChart {
  const hidden = new Set<string>(search.hidden);
  const series = STATUSES.flatMap((status) => {
    const found = result.series.find((one) => one.name === status);
    return found && !hidden.has(status) ? [{ id: status, name: STATUS_NAMES[status], colour: STATUS_COLOURS[status], data: found.data }] : [];
  });
  return { title: GROWTH.name(search), kind: "stacked-bar", interval: chosenInterval(search), labels: result.labels.map(String), series, incompleteFrom: result.incomplete_from ?? undefined };
}

export function planSeries(result: GrowthResult, search: GrowthSearch, series: readonly NamedSeries[]): SeriesChart {
  return { title: GROWTH.name(search), kind: "line", interval: chosenInterval(search), labels: result.labels.map(String), series, incompleteFrom: result.incomplete_from ?? undefined };
}

export function namedSeries(result: GrowthResult): NamedSeries[] {
  return result.series.map((one, index) => ({ id: one.name, name: inWords(one.name), colour: seriesColour(index), data: one.data }));
}

/** `quick_ratio` as `Quick ratio`. */
export function inWords(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
