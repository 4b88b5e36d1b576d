import { useMemo } from "react";

import { Chart } from "@/charts/Chart";
import { formatBucketLong } from "@/charts/dates";
import { formatNumber } from "@/lib/numbers";

import { ResultFrame } from "../insight/ResultFrame";
import { seriesHaveData, seriesLines } from "../insight/seriesChart";
import { SeriesLegend } from "../insight/SeriesLegend";
import { SeriesTable } from "../insight/SeriesTable";
import { chosenInterval } from "../shared/periods";
import type { GrowthProps } from ".";
import { Fact } from "./Fact";
import styles from "./Growth.module.css";
import { GROWTH, newestWhole, planAccounting, planAccountingTable, type GrowthAccountingResult } from "./plan";
import type { GrowthSearch } from "./search";

/** Whether those who come outweigh those who leave. */
export function GrowthAccounting({ report }: GrowthProps) {
  const { state } = report;
  const { data } = report.answer;
  const result = data?.kind === "growth_accounting" ? (data.result as GrowthAccountingResult) : undefined;
  const chart = useMemo(() => result && planAccounting(result, state), [result, state]);
  const table = useMemo(() => result && planAccountingTable(result, state), [result, state]);
  const open = (status: string, index: number) => {
    const one = table?.series.find((series) => series.id === status);
    const label = table?.labels[index];
    if (one && label) report.showPeople(`${one.name}, ${formatBucketLong(label, chosenInterval(state))}`, { bucket: index, status });
  };
  return (
    <ResultFrame
      report={report}
      title={GROWTH.name(state)}
      hasData={chart !== undefined && seriesHaveData(chart.series)}
      isDashed={chart?.incompleteFrom !== undefined}
      table={table && <SeriesTable chart={table} onOpen={open} />}
      buckets={chart?.labels}
      csv={() => (table ? seriesLines(table) : [])}
    >
      {result && <Facts result={result} state={state} />}
      {chart && <Chart spec={chart} height={320} onPick={({ index, series }) => open(series, index)} />}
      {chart && <SeriesLegend series={chart.series} />}
    </ResultFrame>
  );
}

function Facts({ result, state }: { readonly result: GrowthAccountingResult; readonly state: GrowthSearch }) {
  const at = newestWhole(result);
  const label = result.labels[at];
  if (label === undefined) return null;
  const active = result.series.find((one) => one.name === "active")?.data[at];
  const when = formatBucketLong(label, chosenInterval(state));
  return (
    <dl className={styles.facts}>
      <Fact name={`Active, ${when}`} value={formatNumber(active)} />
      <Fact name="Growth" value={formatNumber(result.growth_rate[at], "percent")} hint="Change of active people against the period before" />
      <Fact name="Quick ratio" value={formatNumber(result.quick_ratio[at], "number")} hint="New and resurrected people for each who churned; above 1 is growth" />
    </dl>
  );
}
