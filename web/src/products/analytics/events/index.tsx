import { Link } from "@tanstack/react-router";

import { Select, Table, type TableColumn } from "@/design";
import { formatNumber } from "@/lib/numbers";

import { InsightPage } from "../insight/InsightPage";
import { PeopleNumber } from "../insight/PeopleNumber";
import { ResultFrame } from "../insight/ResultFrame";
import { useInsightReport, type InsightReport } from "../insight/useInsightReport";
import { eventName } from "../shared/properties";
import styles from "./Events.module.css";
import { eventLines, EVENTS, limitChoices, limitOf, restOf, trendsOf, type EventShare } from "./plan";
import { DEFAULT_LIMIT, type EventsSearch } from "./search";

/** Which events happen most, and to how many people. */
export default function EventsPage() {
  const report = useInsightReport<EventsSearch, EventShare[]>(EVENTS);
  return (
    <InsightPage report={report}>
      <Results report={report} />
    </InsightPage>
  );
}

interface ResultsProps {
  readonly report: InsightReport<EventsSearch, EventShare[]>;
}

function Results({ report }: ResultsProps) {
  const rows = report.answer.data?.result ?? [];
  return (
    <ResultFrame
      report={report}
      title={EVENTS.name(report.state)}
      description={rows.length > 0 ? describe(rows) : undefined}
      controls={<LimitSelect report={report} />}
      hasData={rows.length > 0}
      csv={() => eventLines(rows)}
      isFlush
    >
      <Table caption="Events with their times and people" columns={columnsOf(report, rows)} rows={rows} rowKey={({ event }) => event} />
    </ResultFrame>
  );
}

function describe(rows: readonly EventShare[]): string {
  const rest = restOf(rows);
  return rest > 0 ? `${formatNumber(rest, "percent")} of all events have other names` : "All that happened in this period";
}

function LimitSelect({ report: { state, change } }: ResultsProps) {
  const options = limitChoices(state).map((limit) => ({ value: String(limit), label: `Top ${limit}` }));
  return (
    <span className={styles.limit}>
      <Select aria-label="Events listed" value={String(limitOf(state))} options={options} onChange={(limit) => change({ limit: Number(limit) === DEFAULT_LIMIT ? undefined : Number(limit) })} />
    </span>
  );
}

function columnsOf({ state, showPeople }: ResultsProps["report"], rows: readonly EventShare[]): TableColumn<EventShare>[] {
  const most = rows[0]?.count ?? 1;
  const people = ({ event, users }: EventShare) => <PeopleNumber value={users} of={eventName(event)} onOpen={() => showPeople(eventName(event), { event })} />;
  return [
    { key: "event", header: "Event", cell: (row) => <EventCell row={row} width={row.count / most} state={state} /> },
    { key: "count", header: "Times", numeric: true, cell: ({ count }) => formatNumber(count) },
    { key: "share", header: "Share", numeric: true, wideOnly: true, cell: ({ share }) => formatNumber(share, "percent") },
    { key: "users", header: "People", numeric: true, cell: people },
  ];
}

interface EventCellProps {
  readonly row: EventShare;
  /** Against the most frequent event, from 0 to 1. */
  readonly width: number;
  readonly state: EventsSearch;
}

function EventCell({ row: { event }, width, state }: EventCellProps) {
  const name = eventName(event);
  return (
    <span className={styles.event}>
      <span className={styles.bar} style={{ width: `${Math.max(0.5, 100 * width)}%` }} aria-hidden="true" />
      <Link to="/trends" search={trendsOf(event, state) as never} className={styles.name} title={name === event ? "Open in Trends" : `${event}: open in Trends`}>
        {name}
      </Link>
    </span>
  );
}
