import { Link } from "@tanstack/react-router";

import type { FoundPerson } from "@/api";
import { useProject } from "@/app/project";
import { Badge, Table, type TableColumn } from "@/design";
import { formatDate } from "@/lib/times";

import { propertyName, valueName } from "../shared/properties";
import { tellingProperties } from "./people";
import styles from "./PeopleDialog.module.css";

interface PeopleTableProps {
  readonly people: readonly FoundPerson[];
  /** The next list is on its way. */
  readonly dimmed: boolean;
}

export function PeopleTable({ people, dimmed }: PeopleTableProps) {
  const { timezone } = useProject();
  const columns: TableColumn<FoundPerson>[] = [
    { key: "person", header: "Person", cell: (person) => <PersonCell person={person} /> },
    { key: "known", header: "Known", wideOnly: true, cell: (person) => (person.is_identified ? <Badge>Identified</Badge> : <span className={styles.none}>Anonymous</span>) },
    { key: "properties", header: "Properties", cell: (person) => <Properties person={person} /> },
    { key: "since", header: "First seen", wideOnly: true, nowrap: true, cell: (person) => (person.created_at ? formatDate(person.created_at, timezone) : "–") },
  ];
  return (
    <div className={styles.list} data-dimmed={dimmed || undefined}>
      <Table caption="People behind this number" columns={columns} rows={people} rowKey={(person) => String(person.person)} maxHeight={440} />
    </div>
  );
}

function PersonCell({ person }: { readonly person: FoundPerson }) {
  const [id] = person.distinct_ids;
  const more = person.distinct_ids.length - 1;
  return (
    <span className={styles.person}>
      <Link to="/people/$person" params={{ person: String(person.person) }} className={styles.name}>
        {person.name}
      </Link>
      {id !== undefined && id !== person.name && (
        <span className={styles.id}>
          {id}
          {more > 0 && ` and ${more} more`}
        </span>
      )}
    </span>
  );
}

function Properties({ person }: { readonly person: FoundPerson }) {
  const shown = tellingProperties(person);
  if (shown.length === 0) return <span className={styles.none}>None</span>;
  return (
    <span className={styles.properties}>
      {shown.map(([name, value]) => (
        <span key={name} className={styles.property} title={`${name}: ${value}`}>
          <span>{propertyName(name)}</span> {valueName(name, value)}
        </span>
      ))}
    </span>
  );
}
