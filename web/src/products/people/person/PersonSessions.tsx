import { useProject } from "@/app/project";
import { usePersonSessions, type PersonSession } from "@/api/persons";
import { Panel, panelState, Table, type TableColumn } from "@/design";
import { formatNumber } from "@/lib/numbers";
import { formatDateTime } from "@/lib/times";
import { valueName } from "@/products/analytics/shared/properties";

import styles from "../shared/People.module.css";
import { ShowMore } from "../shared/ShowMore";

/** The person's visits. */
export function PersonSessions({ person }: { readonly person: number }) {
  const project = useProject();
  const query = usePersonSessions(project.id, person);
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const empty = { kind: "empty", why: "nothing-yet", title: "No sessions", text: "Sessions begin with the first event." } as const;
  return (
    <Panel title="Sessions" description={`Newest first, times in ${project.timezone}`} flush={rows.length > 0} state={panelState(query, { empty: rows.length === 0 && empty })}>
      <Table caption="Sessions" columns={columnsOf(project.timezone)} rows={rows} rowKey={({ session_id, start }) => `${session_id}${start}`} />
      <ShowMore query={query} />
    </Panel>
  );
}

function columnsOf(timezone: string): TableColumn<PersonSession>[] {
  return [
    { key: "start", header: "Began", nowrap: true, cell: ({ start }) => formatDateTime(start, timezone) },
    { key: "duration", header: "Lasted", numeric: true, cell: ({ duration, is_bounce }) => (is_bounce ? "Bounced" : formatNumber(duration, "seconds")) },
    { key: "pages", header: "Pages", numeric: true, wideOnly: true, cell: ({ pageviews }) => formatNumber(pageviews) },
    { key: "events", header: "Events", numeric: true, cell: ({ events }) => formatNumber(events) },
    { key: "way", header: "From page to page", wideOnly: true, cell: (session) => <Way session={session} /> },
    { key: "source", header: "Came from", wideOnly: true, cell: ({ channel, referrer_host }) => channel || valueName("$referring_domain", referrer_host) },
    { key: "where", header: "Where", wideOnly: true, cell: ({ country, browser, os }) => [country && valueName("$geoip_country_code", country), browser, os].filter(Boolean).join(", ") || <span className={styles.quiet}>–</span> },
  ];
}

function Way({ session: { entry_path, exit_path } }: { readonly session: PersonSession }) {
  if (!entry_path && !exit_path) return <span className={styles.quiet}>No page</span>;
  const words = entry_path === exit_path ? entry_path : `${entry_path || "–"} → ${exit_path || "–"}`;
  return (
    <span className={styles.cell} title={words}>
      {words}
    </span>
  );
}
