import { createContext } from "react";

import type { Annotation, ChartSpec } from "./spec";

/** Moments that every chart over time below shows, whatever it is about. */
export const ChartNotes = createContext<readonly Annotation[]>([]);

/** The chart with these notes beside its own; charts over plain values have no moments. */
export function withNotes(spec: ChartSpec, notes: readonly Annotation[]): ChartSpec {
  if (spec.interval === "value" || notes.length === 0) return spec;
  return { ...spec, annotations: [...(spec.annotations ?? []), ...notes] };
}
