/** From what a chart says to what the chart library draws. Pure: the same spec, theme and width give the same option. */
import type { EChartsCoreOption } from "echarts/core";

import { formatTick } from "@/lib/numbers";

import { heights, isStacked, labelledBuckets, zeroScale } from "./axis";
import { formatBucket, wallClock } from "./dates";
import type { Annotation, ChartSeries, ChartSpec, Point } from "./spec";
import { withAlpha, type ChartTheme } from "./theme";

type Drawn = Record<string, unknown>;

const PREVIOUS_ALPHA = 0.4;
const PREVIOUS_BAR_ALPHA = 0.16;
const UNFINISHED_ALPHA = 0.35;
const LABEL_WIDTH = 72;

/** The whole option for a spec drawn `width` pixels wide. */
export function planOption(spec: ChartSpec, theme: ChartTheme, width: number): EChartsCoreOption {
  const series = spec.series.flatMap((one) => drawSeries(one, spec, theme));
  return {
    animation: false,
    textStyle: { fontFamily: theme.font, fontSize: 12 },
    grid: { left: 4, right: 12, top: 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: planTimeAxis(spec, theme, width),
    yAxis: planValueAxis(spec, theme),
    series: withAnnotations(series, spec, theme),
  };
}

function planTimeAxis(spec: ChartSpec, theme: ChartTheme, width: number): Drawn {
  const shown = new Set(labelledBuckets(spec.labels, spec.interval, width / LABEL_WIDTH));
  const keep = (index: number) => shown.has(index);
  return {
    type: "category",
    data: spec.labels.map((label) => formatBucket(label, spec.interval)),
    boundaryGap: isBar(spec),
    axisLine: { lineStyle: { color: theme.axis } },
    axisTick: { show: true, alignWithLabel: true, interval: keep, length: 4, lineStyle: { color: theme.axis } },
    axisLabel: { color: theme.text, fontSize: 12, interval: keep, hideOverlap: true, margin: 10 },
  };
}

function planValueAxis(spec: ChartSpec, theme: ChartTheme): Drawn {
  const scale = zeroScale(heights(spec), spec.unit);
  return {
    type: "value",
    min: scale.min,
    max: scale.max,
    interval: scale.step,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: theme.text, fontSize: 12, margin: 10, formatter: (value: number) => formatTick(value, spec.unit) },
    splitLine: { lineStyle: { color: theme.grid, width: 1 } },
  };
}

function isBar(spec: ChartSpec): boolean {
  return spec.kind === "bar" || spec.kind === "stacked-bar";
}

function drawSeries(one: ChartSeries, spec: ChartSpec, theme: ChartTheme): Drawn[] {
  const colour = theme.series[one.colour];
  // Lines of single series beside a stack would be compared with the wrong heights.
  const previous = one.previous && !isStacked(spec.kind) ? [drawPrevious(one, one.previous, { spec, colour })] : [];
  return isBar(spec) ? [...previous, drawBars(one, spec, colour)] : [...previous, ...drawLine(one, spec, colour)];
}

interface Context {
  readonly spec: ChartSpec;
  readonly colour: string;
}

/** The period before: the same hue, thinner and dashed; behind a line, to the left of a bar. */
function drawPrevious(one: ChartSeries, data: readonly Point[], { spec, colour }: Context): Drawn {
  const faint = withAlpha(colour, PREVIOUS_ALPHA);
  if (isBar(spec)) {
    const itemStyle = { color: withAlpha(colour, PREVIOUS_BAR_ALPHA), borderColor: faint, borderType: "dashed", borderWidth: 1 };
    return { ...barBase(`${one.id}:previous`), data: [...data], itemStyle };
  }
  const line = { color: faint, width: 2, type: [4, 4] };
  return { ...lineBase(`${one.id}:previous`), data: [...data], lineStyle: line, itemStyle: { color: faint }, z: 2 };
}

/** A line in two parts: solid while its buckets are over, dashed from the last finished one on. */
function drawLine(one: ChartSeries, spec: ChartSpec, colour: string): Drawn[] {
  const cut = spec.incompleteFrom ?? one.data.length;
  const base = { itemStyle: { color: colour }, z: 3 };
  const area = spec.kind === "area" ? { areaStyle: { color: withAlpha(colour, 0.14), origin: "auto" } } : {};
  const finished = one.data.map((value, index) => (index < cut ? value : null));
  const solid = { ...lineBase(one.id), ...base, ...area, data: showLonely(finished), lineStyle: { color: colour, width: 2 } };
  if (cut >= one.data.length) return [solid];
  const open = one.data.map((value, index) => (index >= cut - 1 ? value : null));
  const dashes = { color: colour, width: 2, type: [5, 4] };
  return [solid, { ...lineBase(`${one.id}:open`), ...base, data: showLonely(open), lineStyle: dashes }];
}

function lineBase(id: string): Drawn {
  return { id, type: "line", smooth: false, connectNulls: false, showSymbol: true, symbol: "none", silent: true };
}

/** A value between two gaps has no line to be seen by, so it gets a dot. */
function showLonely(data: readonly Point[]): unknown[] {
  return data.map((value, index) => {
    const lonely = value !== null && (data[index - 1] ?? null) === null && (data[index + 1] ?? null) === null;
    return lonely ? { value, symbol: "circle", symbolSize: 6 } : value;
  });
}

function drawBars(one: ChartSeries, spec: ChartSpec, colour: string): Drawn {
  const cut = spec.incompleteFrom ?? one.data.length;
  const openStyle = { color: withAlpha(colour, UNFINISHED_ALPHA), borderColor: colour, borderType: "dashed", borderWidth: 1 };
  const data = one.data.map((value, index) => (index < cut || value === null ? value : { value, itemStyle: openStyle }));
  return { ...barBase(one.id), data, itemStyle: { color: colour }, ...(isStacked(spec.kind) ? { stack: "all" } : {}) };
}

function barBase(id: string): Drawn {
  return { id, type: "bar", silent: true, barCategoryGap: "24%", barGap: "8%", barMaxWidth: 48, z: 3 };
}

function withAnnotations(series: Drawn[], spec: ChartSpec, theme: ChartTheme): Drawn[] {
  const [first, ...rest] = series;
  const notes = spec.annotations ?? [];
  if (!first || notes.length === 0) return series;
  const data = notes.flatMap((note) => placeAnnotation(note, spec));
  // The words are in a mark above the line, which can be pressed.
  const label = { show: false };
  const lineStyle = { color: theme.text, type: [2, 3], width: 1 };
  return [{ ...first, markLine: { silent: true, symbol: "none", animation: false, label, lineStyle, data } }, ...rest];
}

/** The bucket a moment falls in; a moment outside the chart is not drawn at its edge. */
export function placeAnnotation(note: Annotation, spec: ChartSpec): { name: string; xAxis: number }[] {
  const at = wallClock(note.at).getTime();
  const starts = spec.labels.map((label) => wallClock(label).getTime());
  const last = starts[starts.length - 1] ?? 0;
  const width = last - (starts[starts.length - 2] ?? last);
  if (Number.isNaN(at) || at < (starts[0] ?? Infinity) || at >= last + width) return [];
  const index = starts.reduce((found, start, position) => (start <= at ? position : found), 0);
  return [{ name: note.text, xAxis: index }];
}
