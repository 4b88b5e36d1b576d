import type { Note } from "@/api/annotations";

const IS_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The day, or the first of the stretch where it begins before that: a week's Monday may. */
export function dayWithin(at: string, from: string | null, timeZone: string): string {
  if (!IS_DAY.test(at) || from === null) return at;
  const first = wallTime({ date: "", at: from }, timeZone).slice(0, 10);
  return at < first ? first : at;
}

/** A note's time as clocks of the zone showed it, which is how charts place things; a day is a day in every zone. */
export function wallTime({ date, at }: Pick<Note, "date" | "at">, timeZone: string): string {
  if (IS_DAY.test(date)) return date;
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(new Date(at));
}
