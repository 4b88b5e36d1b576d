/** Changes to the list of series, each giving a new list. */
import type { SeriesState } from "./search";

export type SeriesList = readonly SeriesState[];
export type SeriesAction = "duplicate" | "up" | "down" | "remove";

export function replaceAt(series: SeriesList, index: number, next: SeriesState): SeriesList {
  return series.map((one, position) => (position === index ? next : one));
}

export function act(series: SeriesList, index: number, action: SeriesAction): SeriesList {
  const one = series[index];
  if (!one) return series;
  if (action === "remove") return series.length === 1 ? series : series.filter((_, position) => position !== index);
  if (action === "duplicate") return [...series.slice(0, index + 1), one, ...series.slice(index + 1)];
  return swap(series, index, action === "up" ? index - 1 : index + 1);
}

function swap(series: SeriesList, from: number, to: number): SeriesList {
  const [one, other] = [series[from], series[to]];
  if (!one || !other) return series;
  return series.map((kept, position) => (position === from ? other : position === to ? one : kept));
}
