import { useMemo } from "react";

import { formatBucketHead } from "@/charts/dates";
import { formatNumber } from "@/lib/numbers";
import { seriesVariable } from "@/charts/theme";
import { Change } from "@/charts/Change";
import { Table, type TableColumn, type TableSort } from "@/design";

import type { Answer, TrendsResult } from "../shared/answers";
import { chosenInterval } from "../shared/periods";
import { planRows, sortRows, unitOf, type ResultRow } from "./plan";
import type { ReportProps } from "./ReportBuilder";
import styles from "./Trends.module.css";

interface ResultTableProps extends ReportProps {
  readonly answer: Answer<TrendsResult>;
}

const BY_TOTAL: TableSort = { key: "total", direction: "descending" };

/** The same numbers as the chart, to read, sort and copy. The total is counted over the whole period, not summed up here. */
export function ResultTable({ answer, search, onChange }: ResultTableProps) {
  const { result } = answer;
  const sort = search.sort ?? BY_TOTAL;
  const rows = useMemo(() => sortRows(planRows(result, search), sort), [result, search, sort]);
  const columns = useMemo(() => planColumns(result, search), [result, search]);
  return (
    <div className={styles.table}>
      <Table caption="Values by series and time" columns={columns} rows={rows} rowKey={(row) => row.id} sort={sort} onSort={(next) => onChange({ sort: next })} maxHeight={480} />
    </div>
  );
}

function planColumns(result: TrendsResult, search: ReportProps["search"]): TableColumn<ResultRow>[] {
  const unit = unitOf(search);
  const interval = chosenInterval(search);
  const compared = result.series.some((series) => series.previous);
  const before: TableColumn<ResultRow>[] = [
    { key: "before", header: "Before", numeric: true, cell: (row) => formatNumber(row.series.previous_total, unit) },
    { key: "change", header: "Change", numeric: true, cell: (row) => <Change now={row.series.total} before={row.series.previous_total} direction="none" /> },
  ];
  const buckets = result.labels.map<TableColumn<ResultRow>>((label, index) => ({
    key: String(index),
    header: formatBucketHead(label, interval),
    numeric: true,
    sortable: true,
    cell: (row) => formatNumber(row.series.data[index], unit),
  }));
  return [
    { key: "name", header: "Series", sortable: true, cell: (row) => <SeriesName row={row} /> },
    { key: "total", header: "Total", numeric: true, sortable: true, cell: (row) => <strong>{formatNumber(row.series.total, unit)}</strong> },
    ...(compared ? before : []),
    ...buckets,
  ];
}

function SeriesName({ row }: { readonly row: ResultRow }) {
  return (
    <span className={styles.seriesName}>
      <span className={styles.swatch} style={{ background: seriesVariable(row.colour) }} />
      {row.name}
    </span>
  );
}
