import { createContext } from "react";

import type { Annotation, Buckets, ChartSpec } from "./spec";

/** What those who may can do about the notes of a chart. */
export interface NoteDeeds {
  /** A new note, at a day or a moment. */
  readonly onAdd: (at: string) => void;
  readonly onEdit: (id: number) => void;
  readonly onDelete: (id: number) => void;
}

export interface NotesBeside {
  readonly notes: readonly Annotation[];
  readonly deeds?: NoteDeeds | undefined;
}

/** Moments that every chart over time below shows, whatever it is about. */
export const ChartNotes = createContext<NotesBeside>({ notes: [] });

/** The chart with these notes beside its own; charts over plain values have no moments. */
export function withNotes(spec: ChartSpec, notes: readonly Annotation[]): ChartSpec {
  if (spec.interval === "value" || notes.length === 0) return spec;
  return { ...spec, annotations: [...(spec.annotations ?? []), ...notes] };
}

/** When a note about a bucket is: at its first day, or, within a day, at its first moment. */
export function noteMoment(label: string, interval: Buckets): string {
  return interval === "hour" || interval === "minute" ? label : label.slice(0, 10);
}
