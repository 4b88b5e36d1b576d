import { placeAnnotation } from "./option";
import type { Annotation, ChartSpec } from "./spec";

/** What is noted within each bucket, by its place; buckets without notes are left out. */
export function notesByBucket(spec: ChartSpec): Map<number, Annotation[]> {
  const found = new Map<number, Annotation[]>();
  for (const note of spec.annotations ?? []) {
    for (const { xAxis } of placeAnnotation(note, spec)) found.set(xAxis, [...(found.get(xAxis) ?? []), note]);
  }
  return found;
}
