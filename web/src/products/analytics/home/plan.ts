/** What the home page asks, and how the answer becomes figures and a chart. */
import type { Kpi } from "@/charts/KpiStrip";
import type { ChartSeries, ChartSpec, Point } from "@/charts/spec";

import type { SeriesRequest, TrendsRequest, TrendsResult } from "../shared/answers";
import type { Filter } from "../shared/filters";
import { chosenInterval, planPeriod, type PeriodSearch } from "../shared/periods";
import { KPI_IDS, type KpiId } from "./search";

const SERIES: readonly SeriesRequest[] = [
  { event: null, name: "Unique people", math: "unique" },
  { event: null, name: "Events", math: "total" },
  { event: "$pageview", name: "Page views", math: "total" },
  { event: null, name: "Sessions", math: "sessions" },
];

const LABELS: Record<KpiId, string> = {
  people: "Unique people",
  events: "Events",
  pageviews: "Page views",
  sessions: "Sessions",
  per_person: "Events per person",
};

const DEFINITIONS: Record<KpiId, string> = {
  people: "Different people with at least one event in the period. In the chart: different people in each bucket, so buckets do not add up to the total.",
  events: "All events stored for the period, after duplicates were removed.",
  pageviews: "Events named $pageview.",
  sessions: "Different sessions with at least one event in the period.",
  per_person: "Events divided by unique people.",
};

/** One question for all five figures and their chart. */
export function planFigures(period: PeriodSearch, filters: readonly Filter[], timezone: string, now: Date): TrendsRequest {
  return { kind: "trends", series: SERIES, filters, compare: period.compare ?? true, ...planPeriod(period, timezone, now) };
}

interface Figure {
  readonly data: readonly Point[];
  readonly total: Point;
  readonly previous?: readonly Point[] | undefined;
  readonly previousTotal?: Point | undefined;
}

function figureOf(result: TrendsResult, id: KpiId): Figure {
  if (id !== "per_person") return stored(result, KPI_IDS.indexOf(id));
  const events = stored(result, 1);
  const people = stored(result, 0);
  return {
    data: divideAll(events.data, people.data),
    total: divide(events.total, people.total),
    previous: events.previous && people.previous && divideAll(events.previous, people.previous),
    previousTotal: divide(events.previousTotal ?? null, people.previousTotal ?? null),
  };
}

function stored(result: TrendsResult, index: number): Figure {
  const series = result.series[index];
  if (!series) return { data: [], total: null };
  return {
    data: series.data,
    total: series.total,
    previous: series.previous ?? undefined,
    previousTotal: series.previous ? (series.previous_total ?? null) : undefined,
  };
}

function divideAll(above: readonly Point[], below: readonly Point[]): Point[] {
  return above.map((value, index) => divide(value, below[index] ?? null));
}

/** Nobody came, so nobody sent anything: that is a gap, not a zero. */
function divide(above: Point, below: Point): Point {
  if (above === null || below === null || below === 0) return null;
  return Math.round((above / below) * 100) / 100;
}

export function planKpis(result: TrendsResult): Kpi[] {
  const compared = result.series.some((series) => series.previous);
  return KPI_IDS.map((id) => {
    const figure = figureOf(result, id);
    const previous = compared ? { previous: figure.previousTotal ?? null } : {};
    return {
      id,
      label: LABELS[id],
      value: figure.total,
      unit: id === "per_person" ? "number" : "count",
      direction: "up",
      definition: DEFINITIONS[id],
      ...previous,
    };
  });
}

export function planHomeChart(result: TrendsResult, shown: KpiId, period: PeriodSearch): ChartSpec {
  const figure = figureOf(result, shown);
  const series: ChartSeries = { id: shown, name: LABELS[shown], colour: 1, data: figure.data, previous: figure.previous };
  return {
    title: LABELS[shown],
    kind: "area",
    interval: chosenInterval(period),
    labels: result.labels,
    previousLabels: result.previous_labels ?? undefined,
    series: [series],
    unit: shown === "per_person" ? "number" : "count",
    incompleteFrom: result.incomplete_from ?? undefined,
  };
}

/** Who or what a panel counts: people, or the times of one event. */
export interface Counted {
  readonly event: string | null;
  readonly math: "unique" | "total";
}

export const BY_PEOPLE: Counted = { event: null, math: "unique" };
export const BY_VIEWS: Counted = { event: "$pageview", math: "total" };

/** A panel's question: the values of a property with the most people, or times. */
export function planPanel(property: string, request: TrendsRequest, counted: Counted = BY_PEOPLE): TrendsRequest {
  const { date_from, date_to, filters } = request;
  const breakdown = [{ type: "event", property }] as const;
  return { kind: "trends", series: [counted], breakdown, breakdown_limit: 9, interval: "month", date_from, date_to, filters };
}
