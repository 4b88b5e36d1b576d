/** From the funnel page's state to its question, and from answers to pictures. */
import { seriesColour, type ChartSpec, type SeriesColour } from "@/charts/spec";
import { formatNumber } from "@/lib/numbers";

import type { CsvValue } from "../insight/csv";
import { breakdownValues } from "../shared/answers";
import type { Filter } from "../shared/filters";
import { chosenInterval } from "../shared/periods";
import { eventName, valueName } from "../shared/properties";
import type { FunnelBreakdown, FunnelStep, FunnelTrendResult, FunnelTrendSeries, StepsResult, TimeResult } from "./answers";
import { FIRST_STEPS, type FunnelSearch, type FunnelView, type StepState } from "./search";

export function stepsOf(search: FunnelSearch): readonly StepState[] {
  return search.steps ?? FIRST_STEPS;
}

export function stepName(step: StepState): string {
  return eventName(step.event);
}

export function viewOf(search: FunnelSearch): FunnelView {
  return search.view ?? "steps";
}

/** Breakdowns are of steps and trends; times and correlations are of everybody together. */
export function canBreakDown(search: FunnelSearch): boolean {
  return viewOf(search) === "steps" || viewOf(search) === "trend";
}

/** The question without period and filters, which the frame adds. */
export function planFunnel(search: FunnelSearch) {
  const { breakdown, exclusions } = search;
  const broken = breakdown && canBreakDown(search);
  return {
    kind: "funnel",
    steps: stepsOf(search).map(planStep),
    view: viewOf(search),
    order: search.order ?? "ordered",
    ...(search.window ? { window: search.window } : {}),
    ...(exclusions ? { exclusions } : {}),
    ...(broken ? { breakdown, breakdown_limit: search.breakdown_limit ?? DEFAULT_VALUES } : {}),
    ...(broken && search.attribution ? { attribution: search.attribution } : {}),
    ...(broken && search.attribution === "step" ? { attribution_step: search.attribution_step ?? 0 } : {}),
    ...(search.aggregate_by ? { aggregate_by: search.aggregate_by } : {}),
    ...planEnds(search),
    ...(viewOf(search) === "correlation" ? planCorrelation(search) : {}),
  };
}

/** Bars of more values than this cannot be told apart. */
export const DEFAULT_VALUES = 5;

function planStep(step: StepState): { event: string | null; name: string; optional?: boolean; filters?: Filter[] } {
  return { event: step.event, name: stepName(step), ...(step.optional ? { optional: true } : {}), ...(step.filters ? { filters: step.filters } : {}) };
}

function planEnds(search: FunnelSearch) {
  const { from_step, to_step } = search;
  if (viewOf(search) === "steps" || viewOf(search) === "correlation") return {};
  const last = stepsOf(search).length - 1;
  const to = Math.min(to_step ?? last, last);
  return from_step === undefined && to_step === undefined ? {} : { from_step: Math.min(from_step ?? 0, to - 1), to_step: to };
}

function planCorrelation({ correlate, event }: FunnelSearch) {
  return { correlate: correlate ?? "events", ...(correlate === "event_properties" && event ? { event } : {}) };
}

export function funnelTitle(search: FunnelSearch): string {
  return stepsOf(search).map(stepName).join(" → ");
}

/** One line of bars: everybody, or one value of the breakdown. */
export interface FunnelLine {
  readonly name: string;
  readonly colour: SeriesColour;
  /** As the answer names it; nothing for everybody. */
  readonly breakdown?: readonly (string | null)[];
  readonly isOther?: boolean;
  readonly steps: readonly FunnelStep[];
}

export function planLines(result: StepsResult, search: FunnelSearch): FunnelLine[] {
  if (!result.breakdowns || !search.breakdown) return [{ name: "Everybody", colour: 1, steps: result.steps }];
  return result.breakdowns.map((one, index) => ({
    name: lineName(one, search),
    colour: one.is_other ? "other" : seriesColour(index),
    breakdown: one.breakdown,
    isOther: one.is_other ?? false,
    steps: one.steps,
  }));
}

export function lineName(one: Pick<FunnelBreakdown, "breakdown" | "is_other">, search: FunnelSearch): string {
  if (one.is_other) return "Other";
  return breakdownValues(one)
    .map((value, index) => valueName(search.breakdown?.[index]?.property ?? "", value))
    .join(" · ");
}

export type Outcome = "converted" | "dropped";

/** The point of an answer behind which people are: who reached a step, or who went no further than the one before. */
export function planPoint(line: FunnelLine, step: number, outcome: Outcome): Readonly<Record<string, unknown>> {
  return { step, outcome, ...(line.breakdown ? { breakdown: line.breakdown } : {}), ...(line.isOther ? { is_other: true } : {}) };
}

export function stepsLines(lines: readonly FunnelLine[]): CsvValue[][] {
  const head = ["Breakdown", "Step", "Event", "Count", "From first (%)", "From previous (%)", "Dropped", "Median seconds", "Average seconds"];
  const rows = lines.flatMap((line) =>
    line.steps.map((step, index) => [line.name, index + 1, step.name, step.count, step.conversion_from_first, step.conversion_from_previous, step.drop_off, step.median_seconds, step.mean_seconds]),
  );
  return [head, ...rows];
}

/** The funnel in words. */
export function describeFunnel(result: StepsResult): string {
  const said = result.steps.map((step, index) => (index === 0 ? `${step.name}: ${formatNumber(step.count)}` : `${step.name}: ${formatNumber(step.count)}, ${formatNumber(step.conversion_from_previous, "percent")} of the step before`));
  return `Funnel. ${said.join("; ")}.`;
}

export function planTrendChart(result: FunnelTrendResult, search: FunnelSearch): ChartSpec {
  return {
    title: `Conversion by start: ${funnelTitle(search)}`,
    kind: "line",
    interval: chosenInterval(search),
    labels: result.labels,
    series: result.series.map((one, index) => ({
      id: `${index}`,
      name: one.breakdown && search.breakdown ? lineName({ breakdown: one.breakdown, is_other: one.is_other ?? false }, search) : "Conversion",
      colour: one.is_other ? "other" : seriesColour(index),
      data: trendRates(one),
    })),
    unit: "percent",
    incompleteFrom: result.incomplete_from ?? undefined,
  };
}

/** In per cent; where nobody started there is no rate. */
function trendRates({ data, reached_from }: FunnelTrendSeries): (number | null)[] {
  return data.map((rate, index) => (reached_from[index] ? rate : null));
}

export function planTimeChart({ bins }: TimeResult): ChartSpec {
  return {
    title: "Time to convert",
    kind: "bar",
    interval: "value",
    axisName: "Time from the first step to the last",
    labels: bins.map(([seconds]) => timeLabel(seconds, seconds + widthOf(bins))),
    series: [{ id: "people", name: "People", colour: 1, data: bins.map(([, count]) => count) }],
  };
}

/** All bins are equally wide; a single one says nothing of its width. */
function widthOf(bins: TimeResult["bins"]): number {
  return (bins[1]?.[0] ?? 0) - (bins[0]?.[0] ?? 0);
}

function timeLabel(from: number, to: number): string {
  const start = from === 0 ? "0" : formatNumber(from, "seconds");
  return to <= from ? start : `${start}–${formatNumber(to, "seconds")}`;
}
