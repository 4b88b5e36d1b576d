import { Link } from "@tanstack/react-router";
import { ChevronRight, Table2 } from "lucide-react";

import { useInsights } from "@/api";
import { useProject } from "@/app/project";
import { Panel, panelState } from "@/design";

import type { SqlTable } from "./schema";
import styles from "./Sql.module.css";

interface SchemaPanelProps {
  readonly tables: readonly SqlTable[];
  readonly onPick: (word: string) => void;
}

/** What there is to read; a click writes the name. */
export function SchemaPanel({ tables, onPick }: SchemaPanelProps) {
  return (
    <Panel title="Tables" flush>
      <ul className={styles.tables}>
        {tables.map((table) => (
          <li key={table.name}>
            <details open={table.name === "events"}>
              <summary>
                <ChevronRight className={styles.chevron} size={14} aria-hidden="true" />
                <Table2 size={14} aria-hidden="true" />
                {table.name}
              </summary>
              <ul className={styles.columns}>
                <li>
                  <button type="button" onClick={() => onPick(table.name)}>
                    <span>Write the table’s name</span>
                  </button>
                </li>
                {table.columns.map((column) => (
                  <li key={column.name}>
                    <button type="button" title={`${column.name}: ${column.type}`} onClick={() => onPick(column.name)}>
                      <code>{column.name}</code>
                      <span>{shortType(column.type)}</span>
                    </button>
                  </li>
                ))}
              </ul>
            </details>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function shortType(type: string): string {
  return type.replace(/^LowCardinality\((.*)\)$/, "$1").replace(/\(.*$/, "");
}

export function SavedQueries({ open }: { readonly open: number | undefined }) {
  const project = useProject();
  const saved = useInsights(project.id, { kind: "sql", limit: 50 });
  const items = (saved.data?.items ?? []).filter((one) => one.query.kind === "sql");
  const empty = { kind: "empty", why: "nothing-yet", title: "None yet", text: "Save a query to find it here." } as const;
  return (
    <Panel title="Saved queries" state={panelState(saved, { empty: items.length === 0 && empty })}>
      <ul className={styles.saved}>
        {items.map((one) => (
          <li key={one.id}>
            <Link to="/sql" search={{ insight: one.id } as never} aria-current={one.id === open || undefined}>
              {one.name}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
