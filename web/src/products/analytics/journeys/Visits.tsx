import { Fragment } from "react";

import { Badge } from "@/design";
import { formatNumber } from "@/lib/numbers";
import { formatDateTime } from "@/lib/times";
import { TimelineEvent } from "@/products/people/person/TimelineEvent";

import styles from "./Journeys.module.css";
import { describeSession, type JourneyEvent, type Visit } from "./plan";

interface VisitsProps {
  readonly visits: readonly Visit[];
  readonly timezone: string;
}

/** What somebody did, visit by visit, the oldest first. */
export function Visits({ visits, timezone }: VisitsProps) {
  return (
    <ol className={styles.visits}>
      {visits.map((visit) => (
        <li key={visit.key} className={styles.visit}>
          {visit.gap !== null && <p className={styles.between}>{formatNumber(visit.gap, "seconds")} later</p>}
          <VisitHead visit={visit} timezone={timezone} />
          <ul>
            {visit.events.map((one) => (
              <EventLines key={one.event.uuid} one={one} timezone={timezone} />
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}

function VisitHead({ visit, timezone }: { readonly visit: Visit; readonly timezone: string }) {
  const { session, events, isContinued } = visit;
  const start = events[0]?.event.timestamp ?? "";
  return (
    <div className={styles.head}>
      <h3>{formatDateTime(start, timezone)}</h3>
      {isContinued && <Badge>Continued</Badge>}
      {session && (
        <>
          <span>{session.duration_seconds > 0 ? formatNumber(session.duration_seconds, "seconds") : "One moment"}</span>
          <span>{countOf(session.events, "event")}</span>
          {session.pageviews > 0 && <span>{countOf(session.pageviews, "page")}</span>}
          <span className={styles.where}>{describeSession(session)}</span>
        </>
      )}
      {!session && <span>Outside of sessions</span>}
    </div>
  );
}

function countOf(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Shorter pauses are read off the times. */
const LONG_PAUSE = 60;

function EventLines({ one: { event, gap, steps }, timezone }: { readonly one: JourneyEvent; readonly timezone: string }) {
  return (
    <Fragment>
      {gap !== null && gap >= LONG_PAUSE && <li className={styles.pause}>{formatNumber(gap, "seconds")} later</li>}
      <TimelineEvent event={event} timezone={timezone} />
      {steps.map((step) => (
        <li key={step} className={styles.reached}>
          <Badge tone="good">Reached step {step}</Badge>
        </li>
      ))}
    </Fragment>
  );
}
