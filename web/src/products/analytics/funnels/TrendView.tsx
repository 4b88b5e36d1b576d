import { useMemo } from "react";

import { Chart } from "@/charts/Chart";
import { formatBucketHead, formatBucketLong } from "@/charts/dates";
import type { ChartSpec, PickedPoint } from "@/charts/spec";
import { Table, type TableColumn } from "@/design";
import { formatNumber } from "@/lib/numbers";

import styles from "../insight/Insight.module.css";
import { PeopleNumber } from "../insight/PeopleNumber";
import { ResultFrame } from "../insight/ResultFrame";
import { chosenInterval } from "../shared/periods";
import type { FunnelTrendResult, FunnelTrendSeries } from "./answers";
import { MISSING, ViewControl, type FunnelReportProps } from "./ViewControl";
import { funnelTitle, planTrendChart } from "./plan";
import { Ends } from "./TimeView";

/** Conversion of those who started in each bucket. */
export function TrendView({ report }: FunnelReportProps) {
  const { state } = report;
  const found = report.answer.data?.result;
  const result = found?.labels && found.series ? (found as FunnelTrendResult) : undefined;
  const spec = useMemo(() => result && planTrendChart(result, state), [result, state]);
  const hasData = result?.series.some((one) => one.reached_from.some((count) => count > 0)) ?? false;
  const open: OpenBucket = (name, one, label) => {
    const value = one.breakdown ? { breakdown: one.breakdown, ...(one.is_other ? { is_other: true } : {}) } : {};
    report.showPeople(`${name}, started ${formatBucketLong(label, chosenInterval(state))}`, { bucket: label, outcome: "converted", ...value });
  };
  const pick = ({ index, series }: PickedPoint) => {
    const [line, label] = [result?.series[Number(series)], result?.labels[index]];
    if (line && label && line.reached_to[index]) open(spec?.series[Number(series)]?.name ?? line.name, line, label);
  };
  return (
    <ResultFrame
      report={report}
      title={`Conversion by start: ${funnelTitle(state)}`}
      controls={
        <>
          <Ends search={state} onChange={report.change} />
          <ViewControl report={report} />
        </>
      }
      hasData={hasData}
      missing={MISSING}
      isDashed={result?.incomplete_from != null}
      table={result && spec && <TrendTable result={result} spec={spec} onOpen={open} />}
      buckets={result?.labels}
      csv={() => csvOf(result, spec)}
    >
      {spec && <Chart spec={spec} height={320} onPick={pick} />}
    </ResultFrame>
  );
}

function csvOf(result: FunnelTrendResult | undefined, spec: ChartSpec | undefined) {
  const lines = result?.series.flatMap((one, line) => result.labels.map((label, index) => [spec?.series[line]?.name, label, one.reached_from[index], one.reached_to[index], spec?.series[line]?.data[index] ?? null])) ?? [];
  return [["Series", "Start", "Started", "Converted", "Rate (%)"], ...lines];
}

interface TrendTableProps {
  readonly result: FunnelTrendResult;
  readonly spec: ChartSpec;
  readonly onOpen: OpenBucket;
}

type OpenBucket = (name: string, series: FunnelTrendSeries, label: string) => void;
type Row = readonly [name: string, series: FunnelTrendSeries, rates: ChartSpec["series"][number]["data"]];

function TrendTable({ result, spec, onOpen }: TrendTableProps) {
  const rows: Row[] = result.series.map((one, index) => [spec.series[index]?.name ?? one.name, one, spec.series[index]?.data ?? []]);
  const columns: TableColumn<Row>[] = [
    { key: "name", header: "Series", cell: ([name]) => name },
    ...result.labels.map<TableColumn<Row>>((label, index) => ({
      key: label,
      header: formatBucketHead(label, spec.interval === "value" ? chosenInterval({}) : spec.interval),
      numeric: true,
      cell: ([name, one, rates]) => (
        <span title={`${formatNumber(one.reached_to[index])} of ${formatNumber(one.reached_from[index])}`}>
          <PeopleNumber value={rates[index]} unit="percent" of={`${name}, ${label}`} onOpen={() => onOpen(name, one, label)} />
        </span>
      ),
    })),
  ];
  return (
    <div className={styles.table}>
      <Table caption="Conversion by start" columns={columns} rows={rows} rowKey={(_, index) => String(index)} />
    </div>
  );
}
