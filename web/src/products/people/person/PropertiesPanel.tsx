import { useState } from "react";

import type { PropertyValue } from "@/api/types";
import { Button, CopyButton, EmptyState, Input, Panel } from "@/design";
import { writeValue } from "@/products/analytics/live/plan";
import { propertyName } from "@/products/analytics/shared/properties";

import styles from "./Person.module.css";

interface PropertiesPanelProps {
  readonly properties: Readonly<Record<string, PropertyValue>>;
  /** Said where there are none. */
  readonly emptyText: string;
}

const SHOWN = 12;

/** What is known, by name; searched where it is much. */
export function PropertiesPanel({ properties, emptyText }: PropertiesPanelProps) {
  const [search, setSearch] = useState("");
  const [all, setAll] = useState(false);
  const entries = Object.entries(properties).sort(([one], [other]) => rank(one).localeCompare(rank(other)));
  const wanted = search.trim().toLowerCase();
  const found = entries.filter(([name, value]) => `${propertyName(name)} ${name} ${writeValue(value)}`.toLowerCase().includes(wanted));
  const shown = all || wanted ? found : found.slice(0, SHOWN);
  if (entries.length === 0) return <Panel title="Properties" state={{ kind: "empty", why: "nothing-yet", title: "No properties", text: emptyText }} />;
  return (
    <Panel title={`Properties (${entries.length})`}>
      <Input type="search" aria-label="Search properties" placeholder="Search properties" value={search} onChange={(event) => setSearch(event.target.value)} />
      {found.length === 0 && (
        <EmptyState kind="no-match" title="No property matches" action={<Button onClick={() => setSearch("")}>Show all</Button>} />
      )}
      <dl className={styles.pairs}>
        {shown.map(([name, value]) => (
          <div key={name}>
            <dt title={name}>{propertyName(name)}</dt>
            <dd>{writeValue(value)}</dd>
            <CopyButton value={writeValue(value)} />
          </div>
        ))}
      </dl>
      {!wanted && found.length > SHOWN && (
        <Button variant="ghost" onClick={() => setAll(!all)}>
          {all ? "Show fewer" : `Show all ${found.length}`}
        </Button>
      )}
    </Panel>
  );
}

/** Own properties before those that clients set by themselves. */
function rank(name: string): string {
  return name.startsWith("$") ? `1${propertyName(name)}` : `0${propertyName(name)}`;
}
