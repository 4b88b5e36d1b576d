import { useMemo } from "react";

import { Chart } from "@/charts/Chart";
import { formatBucketLong } from "@/charts/dates";
import { seriesVariable } from "@/charts/theme";

import { ResultFrame } from "../insight/ResultFrame";
import { seriesHaveData, seriesLines, type NamedSeries } from "../insight/seriesChart";
import { SeriesTable } from "../insight/SeriesTable";
import { chosenInterval } from "../shared/periods";
import type { GrowthProps } from ".";
import styles from "./Growth.module.css";
import { GROWTH, planLifecycle, STATUS_MEANINGS, STATUS_NAMES, type LifecycleResult } from "./plan";
import type { Status } from "./search";

/** Active people by what they did before, and those who left below zero. */
export function LifecycleView({ report }: GrowthProps) {
  const { state, change } = report;
  const { data } = report.answer;
  const result = data?.kind === "lifecycle" ? (data.result as LifecycleResult) : undefined;
  const all = useMemo(() => result && planLifecycle(result, { ...state, hidden: undefined }), [result, state]);
  const chart = useMemo(() => result && planLifecycle(result, state), [result, state]);
  const open = (status: string, index: number) => {
    const label = chart?.labels[index];
    if (label) report.showPeople(`${STATUS_NAMES[status as Status]}, ${formatBucketLong(label, chosenInterval(state))}`, { bucket: index, status });
  };
  return (
    <ResultFrame
      report={report}
      title={GROWTH.name(state)}
      hasData={all !== undefined && seriesHaveData(all.series)}
      isDashed={chart?.incompleteFrom !== undefined}
      table={all && <SeriesTable chart={all} onOpen={open} />}
      buckets={chart?.labels}
      csv={() => (all ? seriesLines(all) : [])}
    >
      {chart && <Chart spec={chart} height={340} onPick={({ index, series }) => open(series, index)} />}
      {all && <Statuses series={all.series} hidden={state.hidden ?? []} onChange={(hidden) => change({ hidden })} />}
    </ResultFrame>
  );
}

interface StatusesProps {
  readonly series: readonly NamedSeries[];
  readonly hidden: readonly Status[];
  readonly onChange: (hidden: Status[] | undefined) => void;
}

/** Names the colours, says what they mean, and switches them. */
function Statuses({ series, hidden, onChange }: StatusesProps) {
  const flip = (status: Status) => {
    const next = hidden.includes(status) ? hidden.filter((one) => one !== status) : [...hidden, status];
    onChange(next.length > 0 && next.length < series.length ? next : undefined);
  };
  return (
    <ul className={styles.statuses} aria-label="Statuses shown">
      {series.map(({ id, name, colour }) => (
        <li key={id}>
          <button type="button" className={styles.status} aria-pressed={!hidden.includes(id as Status)} title={STATUS_MEANINGS[id as Status]} onClick={() => flip(id as Status)}>
            <span className={styles.swatch} style={{ background: seriesVariable(colour) }} />
            {name}
          </button>
        </li>
      ))}
    </ul>
  );
}
