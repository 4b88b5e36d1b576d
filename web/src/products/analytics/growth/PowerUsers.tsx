import { useMemo } from "react";

import { Chart } from "@/charts/Chart";

import { ResultFrame } from "../insight/ResultFrame";
import { seriesHaveData, seriesLines, type SeriesChart } from "../insight/seriesChart";
import { SeriesTable } from "../insight/SeriesTable";
import type { GrowthProps } from ".";
import { GROWTH, namedSeries } from "./plan";

/** People by the number of days they were here: a smile to the right means a product that is part of many days. */
export function PowerUsers({ report }: GrowthProps) {
  const { state } = report;
  const { data } = report.answer;
  const result = data?.kind === "power_users" ? data.result : undefined;
  const chart = useMemo<SeriesChart | undefined>(
    () => result && { title: GROWTH.name(state), kind: "bar", interval: "value", axisName: "Days with activity", labels: result.labels.map(String), series: namedSeries(result) },
    [result, state],
  );
  const open = (_series: string, index: number) => report.showPeople(`Active on ${chart?.labels[index] ?? ""} days`, { days: index + 1 });
  return (
    <ResultFrame
      report={report}
      title={GROWTH.name(state)}
      hasData={chart !== undefined && seriesHaveData(chart.series)}
      table={chart && <SeriesTable chart={chart} onOpen={open} />}
      csv={() => (chart ? seriesLines(chart) : [])}
    >
      {chart && <Chart spec={chart} height={320} onPick={({ index, series }) => open(series, index)} />}
    </ResultFrame>
  );
}
