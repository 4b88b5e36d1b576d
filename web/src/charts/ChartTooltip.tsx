import { useLayoutEffect, useRef } from "react";

import { formatChange, formatNumber, relativeChange } from "@/lib/numbers";

import styles from "./Chart.module.css";
import type { Plot } from "./ChartCanvas";
import { formatBucketLong } from "./dates";
import type { ChartSeries, ChartSpec } from "./spec";
import { seriesVariable } from "./theme";

interface ChartTooltipProps {
  readonly spec: ChartSpec;
  readonly plot: Plot;
  readonly index: number;
  /** What a click does, in words. */
  readonly hint?: string | undefined;
}

const MOST_ROWS = 10;

/** Our own, because the chart library's writes inline styles into the page, which its CSP forbids. */
export function ChartTooltip({ spec, plot, index, hint }: ChartTooltipProps) {
  const x = plot.centre(index);
  const box = useBeside(x, index >= spec.labels.length / 2);
  const rows = tooltipRows(spec, index);
  return (
    <>
      <div className={styles.crosshair} style={{ left: x, top: plot.top, height: plot.bottom - plot.top }} />
      <div ref={box} className={styles.tooltip} style={{ top: plot.top }} role="status">
        <Heading spec={spec} index={index} />
        {rows.shown.map((one) => (
          <Row key={one.id} one={one} spec={spec} index={index} />
        ))}
        {rows.hidden > 0 && <p className={styles.tooltipNote}>and {rows.hidden} more</p>}
        {hint && <p className={styles.tooltipNote}>{hint}</p>}
      </div>
    </>
  );
}

const GAP = 12;

/** Puts a box beside the crosshair, where there is more room; on a phone it may lie across it, but never over the edge. */
function useBeside(x: number, toLeft: boolean) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const room = (element.offsetParent?.clientWidth ?? 0) - element.offsetWidth;
    const wanted = toLeft ? x - GAP - element.offsetWidth : x + GAP;
    element.style.left = `${Math.max(0, Math.min(wanted, room))}px`;
  });
  return box;
}

function Heading({ spec, index }: { readonly spec: ChartSpec; readonly index: number }) {
  const open = spec.incompleteFrom !== undefined && index >= spec.incompleteFrom;
  const before = spec.previousLabels?.[index];
  const compares = before !== undefined && spec.series.some((one) => one.previous);
  return (
    <div className={styles.tooltipHead}>
      {spec.axisName && <span>{spec.axisName}</span>}
      <strong>{formatBucketLong(spec.labels[index] ?? "", spec.interval)}</strong>
      {compares && <span>vs {formatBucketLong(before, spec.interval)}</span>}
      {open && <span>Not over yet</span>}
    </div>
  );
}

function Row({ one, spec, index }: { readonly one: ChartSeries; readonly spec: ChartSpec; readonly index: number }) {
  const value = one.data[index] ?? null;
  const before = one.previous?.[index];
  return (
    <div className={styles.tooltipRow}>
      <span className={styles.swatch} style={{ background: seriesVariable(one.colour) }} />
      <span className={styles.tooltipName}>{one.name}</span>
      <span className={styles.tooltipValue}>{value === null ? "no data" : formatNumber(value, spec.unit)}</span>
      {before !== undefined && (
        <span className={styles.tooltipBefore}>
          {formatNumber(before, spec.unit)} ({formatChange(relativeChange(value, before))})
        </span>
      )}
    </div>
  );
}

/** The tallest first when there are too many to read; otherwise in the order of the legend. */
export function tooltipRows(spec: ChartSpec, index: number): { shown: ChartSeries[]; hidden: number } {
  if (spec.series.length <= MOST_ROWS) return { shown: [...spec.series], hidden: 0 };
  const height = (one: ChartSeries) => one.data[index] ?? Number.NEGATIVE_INFINITY;
  const sorted = [...spec.series].sort((one, other) => height(other) - height(one));
  return { shown: sorted.slice(0, MOST_ROWS), hidden: sorted.length - MOST_ROWS };
}
