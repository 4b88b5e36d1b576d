import { formatBucketLong } from "@/charts/dates";
import { Table, type TableColumn } from "@/design";
import { formatNumber } from "@/lib/numbers";

import styles from "./Insight.module.css";
import { PeopleNumber } from "./PeopleNumber";
import type { SeriesGrid } from "./seriesChart";
import { SeriesName } from "./SeriesName";

interface SeriesTableProps {
  readonly chart: SeriesGrid;
  readonly onOpen?: ((series: string, index: number) => void) | undefined;
}

/** The chart as a table: a line a bucket, the newest first where buckets are dates. */
export function SeriesTable({ chart, onOpen }: SeriesTableProps) {
  const { labels, series, interval, unit } = chart;
  const indexes = labels.map((_, index) => index);
  const rows = interval === "value" ? indexes : indexes.reverse();
  const name = (index: number) => formatBucketLong(labels[index] ?? "", interval);
  const columns: TableColumn<number>[] = [
    { key: "bucket", header: chart.axisName ?? "Date", nowrap: true, cell: name },
    ...series.map<TableColumn<number>>((one) => ({
      key: one.id,
      header: <SeriesName name={one.name} colour={one.colour} />,
      numeric: true,
      cell: (index) => {
        const value = one.data[index];
        return onOpen && !one.unit ? <PeopleNumber value={value} unit={unit ?? "count"} of={`${one.name}, ${name(index)}`} onOpen={() => onOpen(one.id, index)} /> : formatNumber(value, one.unit ?? unit);
      },
    })),
  ];
  return (
    <div className={styles.table}>
      <Table caption={`${chart.title}, as a table`} columns={columns} rows={rows} rowKey={(index) => String(index)} maxHeight={420} />
    </div>
  );
}
