/** From the conversion page's state to its question, and from the answer to figures, bars and a chart. */
import type { Kpi } from "@/charts/KpiStrip";
import type { ChartSpec, Point } from "@/charts/spec";

import type { FunnelStep, StepsResult, TimeResult } from "../funnels/answers";
import { planTimeChart } from "../funnels/plan";
import type { CsvValue } from "../insight/csv";
import type { InsightKind } from "../insight/kind";
import { chosenInterval } from "../shared/periods";
import { eventName } from "../shared/properties";
import { validateConversionSearch, readEnd, type ConversionSearch, type Figure, type NamedEvent } from "./search";

export interface ConversionTrend {
  readonly labels: readonly string[];
  readonly rate: readonly Point[];
  readonly started: readonly number[];
  readonly converted: readonly number[];
  readonly incomplete_from: number | null;
}

export interface ConversionResult {
  /** Per cent. */
  readonly rate: number;
  readonly started: number;
  readonly converted: number;
  readonly median_seconds: number | null;
  readonly mean_seconds: number | null;
  readonly trend?: ConversionTrend;
  readonly times?: TimeResult;
}

const FIRST_START: NamedEvent = { event: "$pageview" };

export function startOf(search: ConversionSearch): NamedEvent {
  return search.start ?? FIRST_START;
}

export function figureOf(search: ConversionSearch): Figure {
  return search.show ?? "rate";
}

export const CONVERSION: InsightKind<ConversionSearch> = {
  title: "Conversion",
  validate: validateConversionSearch,
  plan: (search) => ({
    kind: "conversion",
    start_event: planEnd(startOf(search)),
    end_event: search.end ? planEnd(search.end) : null,
    view: figureOf(search) === "time" ? "time_to_convert" : "trend",
    ...(search.window ? { window: search.window } : {}),
  }),
  read: (query) => ({
    start: readEnd(query.start_event),
    end: readEnd(query.end_event),
    window: query.window ?? { value: query.window_minutes, unit: "minute" },
    show: query.view === "time_to_convert" ? "time" : undefined,
  }),
  display: ["show"],
  name: conversionTitle,
  hasInterval: (search) => figureOf(search) !== "time",
  isComplete: (search) => search.end !== undefined,
};

function planEnd({ event, filters }: NamedEvent) {
  return filters ? { event, filters } : event;
}

export function conversionTitle(search: ConversionSearch): string {
  const last = search.end ? eventName(search.end.event) : "…";
  return `${eventName(startOf(search).event)} → ${last}`;
}

const NAMES: Record<Figure, string> = { rate: "Conversion rate", started: "Started", converted: "Converted", time: "Median time" };

const DEFINITIONS: Record<Figure, string> = {
  rate: "Of the different people who did the first event, the per cent who did the second after it, in time.",
  started: "Different people who did the first event in the period.",
  converted: "Different people who did the second event after the first, within the window and the period.",
  time: "Half of those who converted took no longer than this, from the latest first event before it to the second.",
};

export function planFigures(result: ConversionResult | undefined): Kpi[] {
  const cell = (id: Figure, value: number | null | undefined, unit: Kpi["unit"] = "count"): Kpi => ({ id, label: NAMES[id], value: value ?? null, unit, direction: id === "time" ? "down" : "up", definition: DEFINITIONS[id] });
  return [cell("rate", result?.started ? result.rate : null, "percent"), cell("started", result?.started), cell("converted", result?.converted), cell("time", result?.median_seconds, "seconds")];
}

/** The two events as steps of a funnel, which is what they are. */
export function planBars(result: ConversionResult, search: ConversionSearch): StepsResult {
  const { started, converted, rate } = result;
  const first: FunnelStep = { ...namesOf(startOf(search)), count: started, conversion_from_first: started > 0 ? 100 : 0, conversion_from_previous: started > 0 ? 100 : 0, drop_off: 0, median_seconds: null, mean_seconds: null };
  const last: FunnelStep = { ...namesOf(search.end), count: converted, conversion_from_first: rate, conversion_from_previous: rate, drop_off: started - converted, median_seconds: result.median_seconds, mean_seconds: result.mean_seconds };
  return { steps: [first, last] };
}

function namesOf(end: NamedEvent | undefined) {
  return { name: eventName(end?.event ?? null), event: end?.event ?? null };
}

/** The chart of the chosen figure; nothing while the answer to another is still shown. */
export function planChart(result: ConversionResult, search: ConversionSearch): ChartSpec | undefined {
  const figure = figureOf(search);
  if (figure === "time") return result.times && { ...planTimeChart(result.times), axisName: "Time from the one event to the other" };
  if (!result.trend) return undefined;
  const { labels, incomplete_from } = result.trend;
  return {
    title: `${NAMES[figure]} by start: ${conversionTitle(search)}`,
    kind: figure === "rate" ? "line" : "bar",
    interval: chosenInterval(search),
    labels,
    series: [{ id: figure, name: NAMES[figure], colour: 1, data: figure === "rate" ? ratesOf(result.trend) : result.trend[figure] }],
    unit: figure === "rate" ? "percent" : "count",
    incompleteFrom: incomplete_from ?? undefined,
  };
}

/** Where nobody started there is no rate. */
function ratesOf({ rate, started }: ConversionTrend): Point[] {
  return rate.map((value, index) => (started[index] ? value : null));
}

export type Outcome = "started" | "converted" | "dropped";

/** Who is behind a number; of those who started in one bucket, where it is named by its label. */
export function planPoint(outcome: Outcome, bucket?: string) {
  return { outcome, ...(bucket === undefined ? {} : { bucket }) };
}

export function peopleTitle(outcome: Outcome, search: ConversionSearch): string {
  const [first, last] = [eventName(startOf(search).event), eventName(search.end?.event ?? null)];
  if (outcome === "started") return `Did ${first}`;
  return outcome === "converted" ? `Went on to ${last}` : `Did ${first}, not ${last}`;
}

/** The whole, then a line a bucket or a line a span of time. */
export function conversionLines(result: ConversionResult): CsvValue[][] {
  const { trend, times } = result;
  if (times) return [["From second", "People"], ...times.bins.map(([second, count]) => [second, count])];
  const whole = ["All", result.started, result.converted, result.started - result.converted, result.rate, result.median_seconds, result.mean_seconds];
  const lines = trend?.labels.map((label, index) => [label, trend.started[index], trend.converted[index], droppedIn(trend, index), ratesOf(trend)[index], null, null]) ?? [];
  return [["Started in", "Started", "Converted", "Not converted", "Rate (%)", "Median seconds", "Mean seconds"], whole, ...lines];
}

export function droppedIn({ started, converted }: ConversionTrend, index: number): number {
  return (started[index] ?? 0) - (converted[index] ?? 0);
}
