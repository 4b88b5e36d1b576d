import { ChevronRight, Monitor, Smartphone, Tablet } from "lucide-react";
import { useId, useState } from "react";

import { CopyButton } from "@/design";

import type { LiveEvent } from "../shared/answers";
import { CountryCode } from "../shared/CountryCode";
import { eventName, propertyName, valueName } from "../shared/properties";
import styles from "./Live.module.css";
import { formatMoment, writeValue } from "./plan";

interface EventRowProps {
  readonly item: LiveEvent;
  readonly isNew: boolean;
  readonly timezone: string;
}

/** One event on one line; opened, with everything it carries. */
export function EventRow({ item, isNew, timezone }: EventRowProps) {
  const [open, setOpen] = useState(false);
  const details = useId();
  const custom = !item.event.startsWith("$");
  return (
    <li className={styles.event} data-new={isNew || undefined}>
      <button type="button" className={styles.eventLine} aria-expanded={open} aria-controls={details} onClick={() => setOpen(!open)}>
        <ChevronRight size={14} className={styles.chevron} aria-hidden="true" />
        <time dateTime={item.timestamp}>{formatMoment(item.timestamp, timezone)}</time>
        <span className={styles.eventName} data-custom={custom || undefined}>
          {eventName(item.event)}
        </span>
        <span className={styles.eventPath}>{item.path}</span>
        <span className={styles.eventPerson}>{item.distinct_id}</span>
        <Origin item={item} />
      </button>
      {open && (
        <div id={details} className={styles.details}>
          <Details item={item} />
        </div>
      )}
    </li>
  );
}

const DEVICES = { desktop: Monitor, mobile: Smartphone, tablet: Tablet } as const;

function Origin({ item }: { readonly item: LiveEvent }) {
  const Icon = item.device in DEVICES ? DEVICES[item.device as keyof typeof DEVICES] : null;
  const country = valueName("$geoip_country_code", item.country);
  const words = [item.country && country, item.browser, item.os].filter(Boolean).join(", ");
  return (
    <span className={styles.origin} title={words}>
      <span className="visually-hidden">{words}</span>
      <CountryCode code={item.country} />
      {Icon && <Icon size={14} aria-hidden="true" />}
      <span className={styles.browser} aria-hidden="true">
        {item.browser}
      </span>
    </span>
  );
}

const COLUMN_LABELS: Readonly<Record<string, string>> = {
  uuid: "Event id",
  timestamp: "Time",
  received_at: "Received",
  person: "Person number",
};

function Details({ item }: { readonly item: LiveEvent }) {
  const { properties, ...columns } = item;
  const entries = [...Object.entries(columns).filter(([, value]) => value !== "" && value !== null), ...Object.entries(properties)];
  return (
    <>
      <div className={styles.detailsHead}>
        <CopyButton value={JSON.stringify(item, null, 2)} label="Copy as JSON" />
      </div>
      <dl className={styles.properties}>
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt title={name}>{COLUMN_LABELS[name] ?? propertyName(name)}</dt>
            <dd>{writeValue(value)}</dd>
            <CopyButton value={writeValue(value)} />
          </div>
        ))}
      </dl>
    </>
  );
}
