/** What a chart says, without how it is drawn. Pages build a spec; only this folder knows the chart library. */
import type { Unit } from "@/lib/numbers";

export type ChartKind = "line" | "area" | "bar" | "stacked-bar";

export type Interval = "minute" | "hour" | "day" | "week" | "month";

/** What the buckets of a chart are: stretches of time, or plain values whose labels are shown as they are. */
export type Buckets = Interval | "value";

/** How numbers of a chart read: on its axis, in its tooltip and in its table. */
export type { Unit };

/** A place in the series ramp. Colour follows the series, not its rank. */
export type SeriesColour = 1 | 2 | 3 | 4 | 5 | 6 | "other";

/** `null` is a gap: nothing was measured. Zero is a measured zero. */
export type Point = number | null;

export interface ChartSeries {
  readonly id: string;
  readonly name: string;
  readonly colour: SeriesColour;
  readonly data: readonly Point[];
  readonly previous?: readonly Point[] | undefined;
}

/** A moment worth a line: a release, a campaign, an outage. `at` is an RFC 3339 time. */
export interface Annotation {
  readonly at: string;
  readonly text: string;
  /** The number of one that is kept, by which it can be changed. */
  readonly id?: number | undefined;
}

export interface ChartSpec {
  readonly title: string;
  readonly kind: ChartKind;
  readonly interval: Buckets;
  /** Bucket starts, RFC 3339 with the offset of the zone the buckets were cut in; with plain values, their words. */
  readonly labels: readonly string[];
  readonly previousLabels?: readonly string[] | undefined;
  readonly series: readonly ChartSeries[];
  readonly unit?: Unit;
  /** What the buckets are, where they are no dates: "Days with activity". */
  readonly axisName?: string | undefined;
  /** Index of the first bucket that is not over yet; drawn dashed. */
  readonly incompleteFrom?: number | undefined;
  readonly annotations?: readonly Annotation[];
}

/** One point of a chart: a bucket and the series whose line or bar was meant. */
export interface PickedPoint {
  readonly index: number;
  readonly series: string;
}

/** First and last bucket of a stretch somebody dragged over. */
export interface BucketRange {
  readonly first: number;
  readonly last: number;
}

/** The colour for the n-th of several series: six of the ramp, grey for the rest. */
export function seriesColour(index: number): SeriesColour {
  return index > 5 ? "other" : ((index + 1) as SeriesColour);
}
