import { useMemo } from "react";

import { Chart } from "@/charts/Chart";
import { SegmentedControl } from "@/design";
import { formatNumber } from "@/lib/numbers";

import { ResultFrame } from "../insight/ResultFrame";
import { seriesHaveData, type SeriesChart } from "../insight/seriesChart";
import { SeriesTable } from "../insight/SeriesTable";
import type { GrowthProps } from ".";
import { Fact } from "./Fact";
import styles from "./Growth.module.css";
import { GROWTH, planPower, type PowerUsersResult } from "./plan";

const WINDOWS = [
  { value: "7", label: "7 days" },
  { value: "28", label: "28 days" },
] as const;

/** People by the number of days they were here: a rise to the right means that the product is part of many days. */
export function PowerUsers({ report }: GrowthProps) {
  const { state, change } = report;
  const { data } = report.answer;
  const result = data?.kind === "power_users" ? (data.result as PowerUsersResult) : undefined;
  const chart = useMemo<SeriesChart | undefined>(() => result && planPower(result, state), [result, state]);
  const open = (_series: string, index: number) => report.showPeople(`Active on ${index + 1} ${index === 0 ? "day" : "days"}`, { days: index + 1 });
  return (
    <ResultFrame
      report={report}
      title={GROWTH.name(state)}
      controls={<SegmentedControl label="Days looked at" value={String(state.window ?? 28) as "7" | "28"} options={WINDOWS} onChange={(window) => change({ window: window === "7" ? 7 : 28 })} />}
      hasData={chart !== undefined && seriesHaveData(chart.series)}
      table={chart && <SeriesTable chart={chart} onOpen={open} />}
      csv={() => [["Days", "People", "At least so many (%)"], ...(result?.labels ?? []).map((days, index) => [days, result?.series[0]?.data[index], result?.at_least[index]])]}
    >
      {result && (
        <dl className={styles.facts}>
          <Fact name="People" value={formatNumber(result.people)} />
          <Fact name="Days each, on average" value={formatNumber(result.mean_days, "number")} />
          <Fact name="On every second day or more" value={formatNumber(result.at_least[Math.ceil(result.labels.length / 2) - 1], "percent")} />
        </dl>
      )}
      {chart && <Chart spec={chart} height={320} onPick={({ index, series }) => open(series, index)} />}
    </ResultFrame>
  );
}
