import { Link } from "@tanstack/react-router";

import type { FoundPerson } from "@/api";
import type { PropertyValue } from "@/api/types";
import { useProject } from "@/app/project";
import { Badge, Table, type TableColumn } from "@/design";
import { formatDate, formatDateTime, formatRelative } from "@/lib/times";
import { propertyName, valueName } from "@/products/analytics/shared/properties";
import { useListKeys } from "@/lib/useListKeys";

import styles from "./People.module.css";

/** Somebody in a list; where the list knows it, when they were last seen. */
export interface ListedPerson extends FoundPerson {
  readonly last_seen?: string | null;
}

interface PersonTableProps {
  readonly caption: string;
  readonly people: readonly ListedPerson[];
  /** Properties that get a column each. */
  readonly properties?: readonly string[];
  readonly dimmed?: boolean;
  readonly hasLastSeen?: boolean;
}

export function PersonTable({ caption, people, properties = [], dimmed = false, hasLastSeen = false }: PersonTableProps) {
  const { timezone } = useProject();
  const list = useListKeys();
  const columns: TableColumn<ListedPerson>[] = [
    { key: "person", header: "Person", cell: (person) => <PersonCell person={person} /> },
    { key: "known", header: "Known", wideOnly: true, cell: (person) => <Known isIdentified={person.is_identified} /> },
    ...properties.map((name) => ({ key: `property:${name}`, header: propertyName(name), wideOnly: true, cell: (person: ListedPerson) => <ValueCell name={name} value={person.properties[name]} /> })),
    { key: "first", header: "First seen", wideOnly: true, nowrap: true, cell: (person) => (person.created_at ? formatDate(person.created_at, timezone) : <span className={styles.quiet}>No profile</span>) },
    ...(hasLastSeen ? [{ key: "last", header: "Last seen", nowrap: true, cell: (person: ListedPerson) => <LastSeen time={person.last_seen} timezone={timezone} /> }] : []),
  ];
  return (
    <div ref={list} className={styles.list} data-dimmed={dimmed || undefined}>
      <Table caption={caption} columns={columns} rows={people} rowKey={(person) => String(person.person)} />
    </div>
  );
}

export function Known({ isIdentified }: { readonly isIdentified: boolean }) {
  return isIdentified ? <Badge>Identified</Badge> : <span className={styles.quiet}>Anonymous</span>;
}

function LastSeen({ time, timezone }: { readonly time: string | null | undefined; readonly timezone: string }) {
  if (!time) return <span className={styles.quiet}>Never</span>;
  return (
    <time dateTime={time} title={formatDateTime(time, timezone)}>
      {formatRelative(time)}
    </time>
  );
}

function PersonCell({ person }: { readonly person: ListedPerson }) {
  const others = person.distinct_ids.filter((id) => id !== person.name);
  const [id] = others;
  return (
    <div className={styles.named}>
      <Link to="/people/$person" params={{ person: String(person.person) }} className={styles.link} data-row="">
        {person.name}
      </Link>
      {id !== undefined && (
        <span className={`${styles.quiet} ${styles.cell}`} title={others.join("\n")}>
          {id}
          {others.length > 1 && ` and ${others.length - 1} more`}
        </span>
      )}
    </div>
  );
}

function ValueCell({ name, value }: { readonly name: string; readonly value: PropertyValue | undefined }) {
  if (value === undefined || value === null || value === "") return <span className={styles.quiet}>–</span>;
  const words = typeof value === "object" ? JSON.stringify(value) : valueName(name, String(value));
  return (
    <span className={styles.cell} title={words}>
      {words}
    </span>
  );
}
