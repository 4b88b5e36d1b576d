import { lazy, Suspense, use, useId, useMemo } from "react";

import styles from "./Chart.module.css";
import { ChartNotes, withNotes } from "./notes";
import type { BucketRange, ChartSpec, PickedPoint } from "./spec";
import { describeChart } from "./summary";

const ChartCanvas = lazy(() => import("./ChartCanvas"));

export interface ChartProps {
  readonly spec: ChartSpec;
  readonly height?: number;
  /** Called when somebody drags over a stretch of buckets; without it the chart cannot be dragged. */
  readonly onZoom?: ((range: BucketRange) => void) | undefined;
  /** Called when somebody clicks a bucket, or presses Enter on it: shows who is behind it. */
  readonly onPick?: ((point: PickedPoint) => void) | undefined;
}

/** One chart. The picture is for eyes; the same in words is there for everybody else. */
export function Chart({ spec: own, height = 280, onZoom, onPick }: ChartProps) {
  const summary = useId();
  const { notes, deeds } = use(ChartNotes);
  const spec = useMemo(() => withNotes(own, notes), [own, notes]);
  return (
    <figure className={styles.figure} aria-labelledby={summary} style={{ minHeight: height }}>
      <Suspense fallback={<div className={styles.waiting} style={{ height }} aria-hidden="true" />}>
        <ChartCanvas spec={spec} height={height} onZoom={onZoom} onPick={onPick} noteDeeds={deeds} />
      </Suspense>
      {spec.axisName && (
        <p className={styles.axisName} aria-hidden="true">
          {spec.axisName}
        </p>
      )}
      <figcaption id={summary} className={styles.summary}>
        {describeChart(spec)}
      </figcaption>
    </figure>
  );
}
