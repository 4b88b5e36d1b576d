import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useId, useState } from "react";

import type { PersonEvent } from "@/api/persons";
import { CopyButton } from "@/design";
import { eventName, propertyName } from "@/products/analytics/shared/properties";
import { writeValue } from "@/products/analytics/live/plan";

import styles from "./Person.module.css";
import { clock } from "./timeline";

interface TimelineEventProps {
  readonly event: PersonEvent;
  readonly timezone: string;
}

/** One event on one line; opened, with everything it carries. */
export function TimelineEvent({ event, timezone }: TimelineEventProps) {
  const [open, setOpen] = useState(false);
  const details = useId();
  return (
    <li>
      <button type="button" className={styles.event} aria-expanded={open} aria-controls={details} onClick={() => setOpen(!open)}>
        <ChevronRight size={14} className={styles.chevron} aria-hidden="true" />
        <time dateTime={event.timestamp}>{clock(event.timestamp, timezone, true)}</time>
        <span className={styles.eventName} data-custom={!event.event.startsWith("$") || undefined}>
          {eventName(event.event)}
        </span>
        <span className={styles.eventPath}>{event.path}</span>
      </button>
      {open && (
        <div id={details} className={styles.details}>
          <Details event={event} />
        </div>
      )}
    </li>
  );
}

function Details({ event }: { readonly event: PersonEvent }) {
  const own = Object.entries(event).filter(([name, value]) => !ON_THE_LINE.has(name) && value !== "" && typeof value !== "object");
  const entries = [...own, ...Object.entries(event.properties)];
  return (
    <>
      <div className={styles.detailsHead}>
        <Link to="/trends" search={{ series: [{ event: event.event }] } as never}>
          {eventName(event.event)} in Trends
        </Link>
        <CopyButton value={JSON.stringify(event, null, 2)} label="Copy as JSON" />
      </div>
      <dl className={styles.pairs}>
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt title={name}>{NAMES[name] ?? propertyName(name)}</dt>
            <dd>{writeValue(value)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

const ON_THE_LINE: ReadonlySet<string> = new Set(["event", "timestamp", "path"]);
const NAMES: Readonly<Record<string, string>> = { uuid: "Event id", distinct_id: "Distinct id" };
