/** Which bucket is looked at, by mouse, finger or arrow keys, and which stretch is being dragged over. */
import { useState, type KeyboardEvent, type PointerEvent } from "react";

import type { Plot } from "./ChartCanvas";
import type { BucketRange } from "./spec";

interface Pointer {
  readonly index: number | null;
  readonly band: BucketRange | null;
  readonly handlers: {
    readonly onPointerMove: (event: PointerEvent<HTMLDivElement>) => void;
    readonly onPointerDown: (event: PointerEvent<HTMLDivElement>) => void;
    readonly onPointerUp: (event: PointerEvent<HTMLDivElement>) => void;
    readonly onPointerLeave: () => void;
    readonly onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => void;
    readonly onBlur: () => void;
  };
}

interface PointerUses {
  readonly onZoom?: ((range: BucketRange) => void) | undefined;
  /** Gets the bucket, and the height of the click; of a key press there is none. */
  readonly onPick?: ((index: number, y: number) => void) | undefined;
  /** Gets the bucket that is to be noted. */
  readonly onNote?: ((index: number) => void) | undefined;
}

export function usePointer(plot: Plot | null, buckets: number, { onZoom, onPick, onNote }: PointerUses): Pointer {
  const [looked, setLooked] = useState<number | null>(null);
  const [start, setStart] = useState<number | null>(null);
  const index = looked !== null && looked < buckets ? looked : null;
  const band = start !== null && index !== null && start !== index ? span(start, index) : null;
  const forget = () => {
    setLooked(null);
    setStart(null);
  };
  const finish = (event: PointerEvent<HTMLDivElement>) => {
    setStart(null);
    if (band && onZoom) return onZoom(band);
    const under = bucketUnder(event, plot);
    if (event.pointerType === "touch") return; // a finger's first touch reads the bucket; the table leads to its people
    if (event.button === 0 && under !== null) onPick?.(under, event.clientY - event.currentTarget.getBoundingClientRect().top);
  };
  return {
    index,
    band,
    handlers: {
      onPointerMove: (event) => setLooked(bucketUnder(event, plot)),
      onPointerDown: (event) => {
        if (onZoom && event.pointerType === "mouse" && event.button === 0) setStart(bucketUnder(event, plot));
      },
      onPointerUp: finish,
      onPointerLeave: forget,
      onKeyDown: (event) => {
        if (event.key === "Escape") return forget();
        if (event.key === "Enter" && index !== null) return onPick?.(index, Number.NaN);
        if (event.key === "n" && index !== null && onNote && !event.metaKey && !event.ctrlKey && !event.altKey) {
          event.preventDefault();
          return onNote(index);
        }
        const next = stepTo(event.key, index, buckets);
        if (next === null) return;
        event.preventDefault();
        setLooked(next);
      },
      onBlur: forget,
    },
  };
}

function bucketUnder(event: PointerEvent<HTMLDivElement>, plot: Plot | null): number | null {
  if (!plot) return null;
  return plot.bucketAt(event.clientX - event.currentTarget.getBoundingClientRect().left);
}

function span(one: number, other: number): BucketRange {
  return { first: Math.min(one, other), last: Math.max(one, other) };
}

/** The bucket an arrow key leads to; the first press goes to the newest. */
export function stepTo(key: string, index: number | null, buckets: number): number | null {
  const last = buckets - 1;
  if (last < 0) return null;
  if (key === "Home") return 0;
  if (key === "End") return last;
  if (key !== "ArrowLeft" && key !== "ArrowRight") return null;
  if (index === null) return last;
  return Math.min(last, Math.max(0, index + (key === "ArrowLeft" ? -1 : 1)));
}
