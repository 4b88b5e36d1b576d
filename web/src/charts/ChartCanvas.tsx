import { useEffect, useMemo, useRef, useState, type RefObject } from "react";

import styles from "./Chart.module.css";
import { ChartTooltip } from "./ChartTooltip";
import { openEngine, type Engine } from "./engine";
import { AddNoteMark, NoteMarkers } from "./NoteMarkers";
import { notesByBucket } from "./noteBuckets";
import { noteMoment, type NoteDeeds } from "./notes";
import { planOption } from "./option";
import { nearestSeries } from "./pick";
import type { BucketRange, ChartSpec, PickedPoint } from "./spec";
import { useChartTheme } from "./theme";
import { usePointer } from "./usePointer";
import { useWidth } from "./useWidth";

interface ChartCanvasProps {
  readonly spec: ChartSpec;
  readonly height: number;
  readonly onZoom?: ((range: BucketRange) => void) | undefined;
  readonly onPick?: ((point: PickedPoint) => void) | undefined;
  readonly noteDeeds?: NoteDeeds | undefined;
}

/** Where the buckets lie on the screen. */
export interface Plot {
  readonly left: number;
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
  readonly centre: (index: number) => number;
  readonly bucketAt: (x: number) => number;
  /** The value on the axis at a height of the picture. */
  readonly valueAt: (y: number) => number;
}

/** The drawn chart; the default export because it is loaded lazily, with the chart library in its chunk. */
export default function ChartCanvas({ spec, height, onZoom, onPick, noteDeeds }: ChartCanvasProps) {
  const canvas = useRef<HTMLDivElement>(null);
  const plot = useDrawing(canvas, spec);
  const notes = useMemo(() => notesByBucket(spec), [spec]);
  const deeds = spec.interval === "value" ? undefined : noteDeeds;
  const add = deeds && ((index: number) => deeds.onAdd(noteMoment(spec.labels[index] ?? "", spec.interval)));
  const pointer = usePointer(plot, spec.labels.length, { onZoom, onNote: add, onPick: onPick && ((index, y) => pick(spec, index, plot?.valueAt(y), onPick)) });
  return (
    <div
      className={styles.stage}
      style={{ height }}
      data-zoomable={onZoom ? "" : undefined}
      data-pickable={onPick ? "" : undefined}
      tabIndex={0}
      role="application"
      aria-roledescription="chart"
      aria-label={`${spec.title}. Arrow keys read one bucket at a time.${onPick ? " Enter shows the people behind it." : ""}${add ? " N adds a note to it." : ""}`}
      {...pointer.handlers}
    >
      <div ref={canvas} className={styles.canvas} aria-hidden="true" />
      {plot && <NoteMarkers spec={spec} plot={plot} notes={notes} deeds={deeds} />}
      {plot && add && pointer.index !== null && !notes.has(pointer.index) && <AddNoteMark spec={spec} plot={plot} index={pointer.index} onAdd={add} />}
      {plot && pointer.band && <Band plot={plot} band={pointer.band} />}
      {plot && pointer.index !== null && <ChartTooltip spec={spec} plot={plot} index={pointer.index} hint={onPick && "Click to see who"} />}
    </div>
  );
}

function pick(spec: ChartSpec, index: number, value: number | undefined, onPick: (point: PickedPoint) => void) {
  const series = nearestSeries(spec, index, value);
  if (series) onPick({ index, series: series.id });
}

function Band({ plot, band }: { readonly plot: Plot; readonly band: BucketRange }) {
  const half = plot.width / 2;
  const left = Math.max(plot.left, plot.centre(band.first) - half);
  const right = plot.centre(band.last) + half;
  return <div className={styles.band} style={{ left, width: right - left, top: plot.top, height: plot.bottom - plot.top }} />;
}

/** Keeps one engine per node, drawn again when the spec, the theme or the size changes. */
function useDrawing(node: RefObject<HTMLDivElement | null>, spec: ChartSpec): Plot | null {
  const engine = useRef<Engine | null>(null);
  const theme = useChartTheme();
  const width = useWidth(node);
  const [plot, setPlot] = useState<Plot | null>(null);
  useEffect(() => {
    if (!node.current || width === 0) return;
    engine.current ??= openEngine(node.current);
    engine.current.resize();
    engine.current.setOption(planOption(spec, theme, width), { notMerge: true });
    setPlot(measurePlot(engine.current, spec.labels.length));
  }, [node, spec, theme, width]);
  useEffect(
    () => () => {
      engine.current?.dispose();
      engine.current = null;
    },
    [],
  );
  return plot;
}

function measurePlot(engine: Engine, buckets: number): Plot {
  const centre = (index: number) => Number(engine.convertToPixel({ xAxisIndex: 0 }, index));
  const first = centre(0);
  const last = centre(Math.max(0, buckets - 1));
  const width = buckets > 1 ? (last - first) / (buckets - 1) : engine.getWidth() - first;
  const clamp = (index: number) => Math.min(buckets - 1, Math.max(0, index));
  return {
    left: Math.max(0, first - width / 2),
    width,
    top: 12,
    bottom: Number(engine.convertToPixel({ yAxisIndex: 0 }, axisFloor(engine))),
    centre,
    valueAt: (y) => Number(engine.convertFromPixel({ yAxisIndex: 0 }, y)),
    bucketAt: (x) => clamp(Math.round((x - first) / Math.max(1e-6, width))),
  };
}

function axisFloor(engine: Engine): number {
  const option = engine.getOption() as { yAxis?: { min?: number }[] };
  return option.yAxis?.[0]?.min ?? 0;
}
