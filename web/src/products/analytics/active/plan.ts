/** From the active-users page's state to its question, and from the answer to figures and a chart. */
import type { Kpi } from "@/charts/KpiStrip";
import type { Point } from "@/charts/spec";

import type { InsightKind } from "../insight/kind";
import type { SeriesChart, SeriesGrid } from "../insight/seriesChart";
import { validateActiveSearch, type ActiveSearch, type ActiveWindow } from "./search";

interface ActiveFigures {
  readonly dau: number;
  readonly wau: number;
  readonly mau: number;
  readonly engagement_score: number | null;
}

export interface ActiveResult extends ActiveFigures {
  readonly labels: readonly string[];
  readonly series: readonly { readonly name: string; readonly data: readonly Point[] }[];
  /** Of the day before, of seven days before, of thirty days before. */
  readonly previous?: Partial<ActiveFigures> | null;
  readonly incomplete_from?: number | null;
}

const PERIODS = { dau: "day", wau: "week", mau: "month", engagement: "day" } as const;

export const ACTIVE: InsightKind<ActiveSearch> = {
  title: "Active users",
  validate: validateActiveSearch,
  plan: (search) => ({ kind: "active_users", period: PERIODS[windowOf(search)] }),
  read: (query) => ({ show: (Object.keys(PERIODS) as ActiveWindow[]).find((one) => PERIODS[one] === query.period) }),
  display: ["show"],
  name: (search) => NAMES[windowOf(search)],
  hasInterval: () => false,
};

export function windowOf(search: ActiveSearch): ActiveWindow {
  return search.show ?? "dau";
}

const NAMES: Record<ActiveWindow, string> = { dau: "Daily active people", wau: "Weekly active people", mau: "Monthly active people", engagement: "Engagement score" };

const DEFINITIONS: Record<ActiveWindow, string> = {
  dau: "Different people with an event on the last day of the range; before: on the day before.",
  wau: "Different people with an event in the seven days that end with the last day of the range; before: seven days earlier.",
  mau: "Different people with an event in the thirty days that end with the last day of the range; before: thirty days earlier.",
  engagement: "Daily active people in per cent of monthly active people: how many days of a month somebody is here, as a share.",
};

export function planFigures(result: ActiveResult | undefined): Kpi[] {
  const before = result?.previous;
  // A day that is not over has fewer people than the one before; that is no news, good or bad.
  const isOpen = result?.incomplete_from != null;
  const cell = (id: ActiveWindow, value: number | null, previous: number | null | undefined): Kpi => ({
    id,
    label: id === "dau" && isOpen ? `${NAMES[id]}, so far` : NAMES[id],
    value,
    previous: before && id !== "engagement" ? (previous ?? null) : undefined,
    unit: id === "engagement" ? "percent" : "count",
    direction: id === "dau" && isOpen ? "none" : "up",
    definition: DEFINITIONS[id],
  });
  return [
    cell("dau", result?.dau ?? null, before?.dau),
    cell("wau", result?.wau ?? null, before?.wau),
    cell("mau", result?.mau ?? null, before?.mau),
    cell("engagement", result?.engagement_score ?? null, before?.engagement_score),
  ];
}

export function planChart(result: ActiveResult, shown: ActiveWindow): SeriesChart {
  const name = NAMES[shown];
  const data = shown === "engagement" ? engagementOf(result) : seriesOf(result, shown)?.data;
  return {
    title: name,
    kind: "line",
    interval: "day",
    labels: result.labels,
    series: [{ id: shown, name, colour: 1, data: data ?? [] }],
    unit: shown === "engagement" ? "percent" : "count",
    incompleteFrom: result.incomplete_from ?? undefined,
  };
}

function seriesOf(result: ActiveResult, name: string) {
  return result.series.find((one) => one.name === name);
}

function engagementOf(result: ActiveResult): Point[] {
  const [daily, monthly] = [seriesOf(result, "dau")?.data ?? [], seriesOf(result, "mau")?.data ?? []];
  return daily.map((value, index) => {
    const month = monthly[index];
    return value === null || !month ? null : Math.round((10_000 * value) / month) / 100;
  });
}

/** All three windows beside one another, for the table, and how often people come. */
export function planTable(result: ActiveResult): SeriesGrid {
  const columns = (["dau", "wau", "mau"] as const).map((id, index) => ({ id, name: NAMES[id], colour: (index + 1) as 1 | 2 | 3, data: seriesOf(result, id)?.data ?? [] }));
  return { title: "Active people", kind: "line", interval: "day", labels: result.labels, series: [...columns, { id: "engagement", name: NAMES.engagement, unit: "percent", data: engagementOf(result) }] };
}

export function peopleTitle(window: ActiveWindow, label: string): string {
  return `${NAMES[window]}, ${label}`;
}

/** The people of a window that ends with a day. */
export function planPoint(window: ActiveWindow, bucket: number) {
  return { bucket, window: PERIODS[window] };
}
