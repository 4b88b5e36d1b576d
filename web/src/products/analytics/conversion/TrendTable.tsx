import { formatBucketLong } from "@/charts/dates";
import { Table, type TableColumn } from "@/design";
import { formatNumber } from "@/lib/numbers";

import { PeopleNumber } from "../insight/PeopleNumber";
import { chosenInterval } from "../shared/periods";
import { droppedIn, type ConversionTrend, type Outcome } from "./plan";
import type { ConversionSearch } from "./search";

interface TrendTableProps {
  readonly trend: ConversionTrend;
  readonly search: ConversionSearch;
  readonly onOpen: (outcome: Outcome, index: number) => void;
}

const COLUMNS: readonly { outcome: Outcome; header: string; value: (trend: ConversionTrend, index: number) => number | undefined }[] = [
  { outcome: "started", header: "Started", value: ({ started }, index) => started[index] },
  { outcome: "converted", header: "Converted", value: ({ converted }, index) => converted[index] },
  { outcome: "dropped", header: "Not converted", value: droppedIn },
];

/** By when people started, the newest first; each number leads to its people. */
export function TrendTable({ trend, search, onOpen }: TrendTableProps) {
  const name = (index: number) => formatBucketLong(trend.labels[index] ?? "", chosenInterval(search));
  const columns: TableColumn<number>[] = [
    { key: "bucket", header: "Started in", nowrap: true, cell: name },
    ...COLUMNS.map<TableColumn<number>>(({ outcome, header, value }) => ({
      key: outcome,
      header,
      numeric: true,
      cell: (index) => <PeopleNumber value={value(trend, index)} of={`${header}, ${name(index)}`} onOpen={() => onOpen(outcome, index)} />,
    })),
    { key: "rate", header: "Rate", numeric: true, cell: (index) => formatNumber(trend.started[index] ? trend.rate[index] : null, "percent") },
  ];
  const rows = trend.labels.map((_, index) => index).reverse();
  return <Table caption="Conversion by start" columns={columns} rows={rows} rowKey={String} maxHeight={420} />;
}
