import { useMemo } from "react";

import { Change } from "@/charts/Change";
import { formatBucketHead } from "@/charts/dates";
import { Table, type TableColumn, type TableSort } from "@/design";
import { formatNumber } from "@/lib/numbers";

import styles from "../insight/Insight.module.css";
import { PeopleNumber } from "../insight/PeopleNumber";
import { SeriesName } from "../insight/SeriesName";
import { chosenInterval } from "../shared/periods";
import { sortRows, unitOf, type ResultRow } from "./plan";
import type { ReportProps } from "./ReportBuilder";
import type { OpenPeople } from "./ResultPanel";

interface ResultTableProps extends ReportProps {
  readonly rows: readonly ResultRow[];
  readonly labels: readonly string[];
  readonly onPeople: OpenPeople | undefined;
}

const BY_TOTAL: TableSort = { key: "total", direction: "descending" };

/** The same numbers as the chart, to read, sort and copy. The total is counted over the whole period, not summed up here. */
export function ResultTable(props: ResultTableProps) {
  const { rows, search, onChange } = props;
  const sort = search.sort ?? BY_TOTAL;
  const sorted = useMemo(() => sortRows(rows, sort), [rows, sort]);
  return (
    <div className={styles.table}>
      <Table caption="Values by series and time" columns={planColumns(props)} rows={sorted} rowKey={(row) => row.id} sort={sort} onSort={(next) => onChange({ sort: next })} maxHeight={480} />
    </div>
  );
}

function planColumns({ rows, labels, search, onPeople }: ResultTableProps): TableColumn<ResultRow>[] {
  const unit = unitOf(search);
  const interval = chosenInterval(search);
  const compared = rows.some(({ series }) => series.previous);
  const before: TableColumn<ResultRow>[] = [
    { key: "before", header: "Before", numeric: true, cell: (row) => formatNumber(row.series.previous_total, unit) },
    { key: "change", header: "Change", numeric: true, cell: (row) => <Change now={row.series.total} before={row.series.previous_total} direction="none" /> },
  ];
  const name = (row: ResultRow, bucket?: number) => (bucket === undefined ? row.name : `${row.name}, ${formatBucketHead(labels[bucket] ?? "", interval)}`);
  const number = (row: ResultRow, value: number | null | undefined, bucket?: number) =>
    onPeople ? <PeopleNumber value={value} unit={unit} of={name(row, bucket)} onOpen={() => onPeople(row, bucket)} /> : formatNumber(value, unit);
  const buckets = labels.map<TableColumn<ResultRow>>((label, index) => ({
    key: String(index),
    header: formatBucketHead(label, interval),
    numeric: true,
    sortable: true,
    cell: (row) => number(row, row.series.data[index], index),
  }));
  return [
    { key: "name", header: "Series", sortable: true, cell: (row) => <SeriesName name={row.name} colour={row.colour} /> },
    { key: "total", header: "Total", numeric: true, sortable: true, cell: (row) => <strong>{number(row, row.series.total)}</strong> },
    ...(compared ? before : []),
    ...buckets,
  ];
}
