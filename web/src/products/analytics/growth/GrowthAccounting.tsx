import { useMemo } from "react";

import { Chart } from "@/charts/Chart";

import { ResultFrame } from "../insight/ResultFrame";
import { seriesHaveData, seriesLines } from "../insight/seriesChart";
import { SeriesLegend } from "../insight/SeriesLegend";
import { SeriesTable } from "../insight/SeriesTable";
import type { GrowthProps } from ".";
import { GROWTH, namedSeries, planSeries } from "./plan";

/** Whether those who come outweigh those who leave. */
export function GrowthAccounting({ report }: GrowthProps) {
  const { state } = report;
  const { data } = report.answer;
  const result = data?.kind === "growth_accounting" ? data.result : undefined;
  const chart = useMemo(() => result && planSeries(result, state, namedSeries(result)), [result, state]);
  return (
    <ResultFrame
      report={report}
      title={GROWTH.name(state)}
      hasData={chart !== undefined && seriesHaveData(chart.series)}
      isDashed={chart?.incompleteFrom !== undefined}
      table={chart && <SeriesTable chart={chart} />}
      csv={() => (chart ? seriesLines(chart) : [])}
    >
      {chart && <Chart spec={chart} height={340} />}
      {chart && <SeriesLegend series={chart.series} />}
    </ResultFrame>
  );
}
