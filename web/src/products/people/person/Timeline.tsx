import { Link } from "@tanstack/react-router";

import type { PersonEvent } from "@/api/persons";
import { useProject } from "@/app/project";
import { Button, Panel, panelState, SkeletonRows } from "@/design";
import { formatNumber } from "@/lib/numbers";
import { valueName } from "@/products/analytics/shared/properties";

import { EVERYTHING, isNarrowed, type EventFilter } from "../shared/eventFilter";
import { EventFilterBar } from "../shared/EventFilterBar";
import { ShowMore } from "../shared/ShowMore";
import styles from "./Person.module.css";
import { clock, dayName, groupTimeline, type Day, type Visit } from "./timeline";
import { TimelineEvent } from "./TimelineEvent";

type PanelQuery = Parameters<typeof panelState>[0];

/** Page after page of events, newest first. */
interface EventsQuery extends PanelQuery {
  readonly data: { readonly pages: readonly { readonly items: readonly PersonEvent[] }[] } | undefined;
  readonly isPlaceholderData: boolean;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

interface TimelineProps {
  readonly query: EventsQuery;
  readonly filter: EventFilter;
  readonly onFilter: (filter: EventFilter) => void;
  /** Said where there is nothing at all. */
  readonly nothing: string;
  /** Events of several people say whose they are. */
  readonly ofMany?: boolean;
}

/** What a person or a group did, by day and by visit. */
export function Timeline({ query, filter, onFilter, nothing, ofMany = false }: TimelineProps) {
  const project = useProject();
  const events = query.data?.pages.flatMap((page) => page.items) ?? [];
  const days = groupTimeline(events, project.timezone);
  const empty = isNarrowed(filter)
    ? ({ kind: "empty", why: "no-match", title: "No event matches", action: <Button onClick={() => onFilter(EVERYTHING)}>Show all events</Button> } as const)
    : ({ kind: "empty", why: "nothing-yet", title: "No events", text: nothing } as const);
  return (
    <Panel
      title="Events"
      description={`Newest first, times in ${project.timezone}`}
      actions={<EventFilterBar filter={filter} onChange={onFilter} />}
      flush={events.length > 0}
      state={panelState(query, { skeleton: <SkeletonRows rows={10} />, empty: query.data && events.length === 0 && empty })}
      refreshing={query.isPlaceholderData}
    >
      {days.map((day) => (
        <DaySection key={`${day.day}${day.visits[0]?.key}`} day={day} timezone={project.timezone} ofMany={ofMany} />
      ))}
      <ShowMore query={query} />
    </Panel>
  );
}

interface PartProps {
  readonly timezone: string;
  readonly ofMany: boolean;
}

function DaySection({ day, ...rest }: PartProps & { readonly day: Day }) {
  return (
    <section className={styles.day}>
      <h3 className={styles.dayName}>{dayName(day.day)}</h3>
      {day.visits.map((visit) => (
        <VisitSection key={visit.key} visit={visit} {...rest} />
      ))}
    </section>
  );
}

function VisitSection({ visit, timezone, ofMany }: PartProps & { readonly visit: Visit }) {
  const { events } = visit;
  return (
    <div className={styles.visit}>
      <p className={styles.visitHead}>
        <span>{spanOf(visit, timezone)}</span>
        <span>
          {formatNumber(events.length)} {events.length === 1 ? "event" : "events"}
        </span>
        {ofMany && <WhoLink id={events[0]?.distinct_id ?? ""} />}
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

/** Leads to the people who have this id: an event knows no person's number. */
function WhoLink({ id }: { readonly id: string }) {
  return (
    <Link to="/people" search={{ search: id } as never} className={styles.who}>
      {id}
    </Link>
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
