/** Events of a person as people read them: by day, and within a day by visit. */
import type { PersonEvent } from "@/api/persons";

export interface Visit {
  /** Of its first event in the list; a visit over midnight is two. */
  readonly key: string;
  readonly session: string;
  /** In the order of the list. */
  readonly events: readonly PersonEvent[];
  readonly from: string;
  readonly to: string;
}

export interface Day {
  /** 2026-01-31 in the project's zone. */
  readonly day: string;
  readonly visits: readonly Visit[];
}

/** The list keeps its order, be it newest or oldest first. */
export function groupTimeline(events: readonly PersonEvent[], timeZone: string): Day[] {
  const dayOf = new Intl.DateTimeFormat("sv-SE", { timeZone });
  const days: { day: string; visits: PersonEvent[][] }[] = [];
  for (const event of events) {
    const day = dayOf.format(new Date(event.timestamp));
    if (days.at(-1)?.day !== day) days.push({ day, visits: [] });
    const visits = days.at(-1)?.visits ?? [];
    const last = visits.at(-1);
    if (last?.[0]?.session_id === event.session_id) last.push(event);
    else visits.push([event]);
  }
  return days.map(({ day, visits }) => ({ day, visits: visits.map(visitOf) }));
}

function visitOf(events: PersonEvent[]): Visit {
  const times = events.map(({ timestamp }) => timestamp).sort();
  const first = events[0];
  return { key: first?.uuid ?? "", session: first?.session_id ?? "", events, from: times[0] ?? "", to: times.at(-1) ?? "" };
}

/** Friday, 20 November 2026. */
export function dayName(day: string): string {
  return new Date(`${day}T12:00:00Z`).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

export function clock(time: string, timeZone: string, withSeconds = false): string {
  return new Date(time).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", ...(withSeconds ? { second: "2-digit" } : {}), timeZone });
}
