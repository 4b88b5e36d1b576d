/** From the stickiness page's state to its question, and from the answer to a chart. */
import { seriesColour, type Point } from "@/charts/spec";

import type { EventChoice } from "../insight/events";
import { counted, type InsightKind } from "../insight/kind";
import type { SeriesChart } from "../insight/seriesChart";
import { chosenInterval } from "../shared/periods";
import { isRecord } from "../shared/reading";
import { eventName } from "../shared/properties";
import { validateStickinessSearch, type StickinessSearch } from "./search";

export interface StickinessResult {
  readonly labels: readonly number[];
  readonly series: readonly { readonly name: string; readonly data: readonly Point[] }[];
}

const FIRST_SERIES: readonly EventChoice[] = [{ event: null }];

export function seriesOf(search: StickinessSearch): readonly EventChoice[] {
  return search.series ?? FIRST_SERIES;
}

export const STICKINESS: InsightKind<StickinessSearch> = {
  title: "Stickiness",
  validate: validateStickinessSearch,
  plan: (search) => ({
    kind: "stickiness",
    series: seriesOf(search).map((one) => ({ ...one, name: eventName(one.event) })),
    ...(search.cumulative ? { cumulative: true } : {}),
    ...(search.minimum_occurrences ? { criteria: { operator: "gte", value: search.minimum_occurrences } } : {}),
  }),
  read: (query) => ({
    minimum_occurrences: isRecord(query.criteria) && isAtLeast(query.criteria) ? query.criteria.value : undefined,
    ...(query.event ? { series: [{ event: query.event }] } : {}),
  }),
  unshown: (query) => [
    isRecord(query.criteria) && !isAtLeast(query.criteria) && "another number of events than at least so many",
    typeof query.interval_count === "number" && query.interval_count > 1 && `periods of ${query.interval_count} intervals`,
  ],
  summary: (search) => (seriesOf(search).length === 1 ? eventName(seriesOf(search)[0]?.event ?? null) : counted(seriesOf(search).length, "event")),
  name: (search) => `How often: ${seriesOf(search).map((one) => eventName(one.event)).join(", ")}`,
};

/** The one comparison this page has. */
function isAtLeast({ operator = "gte" }: Readonly<Record<string, unknown>>): boolean {
  return operator === "gte";
}

export function planChart(result: StickinessResult, search: StickinessSearch): SeriesChart {
  const interval = chosenInterval(search);
  return {
    title: STICKINESS.name(search),
    kind: "bar",
    interval: "value",
    axisName: `${interval.charAt(0).toUpperCase()}${interval.slice(1)}s with the event${search.cumulative ? ", or more" : ""}`,
    labels: result.labels.map(String),
    series: result.series.map((one, index) => ({ id: String(index), name: one.name, colour: seriesColour(index), data: one.data })),
  };
}
