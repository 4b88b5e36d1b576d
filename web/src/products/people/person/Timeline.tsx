import { useProject } from "@/app/project";
import { usePersonEvents, type Person } from "@/api/persons";
import { Button, Combobox, Panel, panelState, SkeletonRows } from "@/design";
import { formatNumber } from "@/lib/numbers";
import { ANY_EVENT, useEventOptions } from "@/products/analytics/shared/catalogue";
import { planFilters } from "@/products/analytics/shared/filters";
import { eventName, valueName } from "@/products/analytics/shared/properties";

import { ShowMore } from "../shared/ShowMore";
import styles from "./Person.module.css";
import { clock, dayName, groupTimeline, type Day, type Visit } from "./timeline";
import { TimelineEvent } from "./TimelineEvent";

interface TimelineProps {
  readonly person: Person;
  readonly event: string | undefined;
  readonly onEvent: (event: string | undefined) => void;
}

/** What the person did, by day and by visit. */
export function Timeline({ person, event, onEvent }: TimelineProps) {
  const project = useProject();
  const query = usePersonEvents(project.id, person.person, event === undefined ? [] : planFilters([{ type: "event", property: "event", operator: "exact", value: event }]));
  const events = query.data?.pages.flatMap((page) => page.items) ?? [];
  const days = groupTimeline(events, project.timezone);
  const empty = event
    ? ({ kind: "empty", why: "no-match", title: `No event “${eventName(event)}”`, action: <Button onClick={() => onEvent(undefined)}>Show all events</Button> } as const)
    : ({ kind: "empty", why: "nothing-yet", title: "No events", text: "This person is known, but has not done anything." } as const);
  return (
    <Panel
      title="Events"
      description={event ? `Oldest first, times in ${project.timezone}` : `Newest first, times in ${project.timezone}`}
      actions={<EventChoice event={event} onEvent={onEvent} />}
      flush={events.length > 0}
      state={panelState(query, { skeleton: <SkeletonRows rows={10} />, empty: query.data && events.length === 0 && empty })}
      refreshing={query.isPlaceholderData}
    >
      {days.map((day) => (
        <DaySection key={`${day.day}${day.visits[0]?.key}`} day={day} timezone={project.timezone} />
      ))}
      <ShowMore query={query} />
    </Panel>
  );
}

function EventChoice({ event, onEvent }: Omit<TimelineProps, "person">) {
  const options = useEventOptions();
  return <Combobox label="Event" shape="chip" value={event ?? ANY_EVENT} display={eventName(event ?? null)} options={options} onChange={(next) => onEvent(next === ANY_EVENT ? undefined : next)} searchPlaceholder="Find an event" freeText />;
}

function DaySection({ day, timezone }: { readonly day: Day; readonly timezone: string }) {
  return (
    <section className={styles.day}>
      <h3 className={styles.dayName}>{dayName(day.day)}</h3>
      {day.visits.map((visit) => (
        <VisitSection key={visit.key} visit={visit} timezone={timezone} />
      ))}
    </section>
  );
}

function VisitSection({ visit, timezone }: { readonly visit: Visit; readonly timezone: string }) {
  const { events } = visit;
  return (
    <div className={styles.visit}>
      <p className={styles.visitHead}>
        <span>{spanOf(visit, timezone)}</span>
        <span>
          {formatNumber(events.length)} {events.length === 1 ? "event" : "events"}
        </span>
        <span className={styles.where}>{whereOf(visit)}</span>
      </p>
      <ul>
        {events.map((event) => (
          <TimelineEvent key={event.uuid} event={event} timezone={timezone} />
        ))}
      </ul>
    </div>
  );
}

function spanOf({ from, to }: Visit, timezone: string): string {
  const [first, last] = [clock(from, timezone), clock(to, timezone)];
  return first === last ? first : `${first} – ${last}`;
}

/** Country, browser and system of the first event that says so. */
function whereOf({ events }: Visit): string {
  const event = events.find(({ browser, country }) => browser || country) ?? events[0];
  const country = event?.country ? valueName("$geoip_country_code", event.country) : "";
  return [country, event?.browser, event?.os].filter(Boolean).join(", ");
}
