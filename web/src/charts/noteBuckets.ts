import { placeAnnotation } from "./option";
import type { ChartSpec } from "./spec";

/** What is noted within each bucket, by its place; buckets without notes are left out. */
export function notesByBucket(spec: ChartSpec): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const note of spec.annotations ?? []) {
    for (const { xAxis, name } of placeAnnotation(note, spec)) found.set(xAxis, [...(found.get(xAxis) ?? []), name]);
  }
  return found;
}
