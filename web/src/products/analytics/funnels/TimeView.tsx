import { useMemo } from "react";

import { Chart } from "@/charts/Chart";
import { Select, Table, type TableColumn } from "@/design";
import { formatNumber } from "@/lib/numbers";

import { ResultFrame } from "../insight/ResultFrame";
import { MISSING, ViewControl, type FunnelReportProps } from "./ViewControl";
import styles from "./Funnels.module.css";
import { funnelTitle, planTimeChart, stepName, stepsOf } from "./plan";
import type { TimeResult } from "./answers";
import type { FunnelSearch } from "./search";

/** How long people take from one step to another. */
export function TimeView({ report }: FunnelReportProps) {
  const found = report.answer.data?.result;
  const bins = found?.bins;
  const result = useMemo<TimeResult | undefined>(() => bins && { bins, average: found?.average ?? null, median: found?.median ?? null }, [bins, found]);
  const spec = useMemo(() => result && planTimeChart(result), [result]);
  const rows = spec ? spec.labels.map((label, index) => [label, spec.series[0]?.data[index] ?? 0] as const) : [];
  return (
    <ResultFrame
      report={report}
      title={`Time to convert: ${funnelTitle(report.state)}`}
      controls={
        <>
          <Ends search={report.state} onChange={report.change} />
          <ViewControl report={report} />
        </>
      }
      hasData={bins?.some(([, count]) => count > 0) ?? false}
      missing={MISSING}
      table={<Table caption="Time to convert" columns={COLUMNS} rows={rows} rowKey={([label]) => label} />}
      csv={() => [["From second", "People"], ...(bins ?? [])]}
    >
      {result && spec && (
        <>
          <dl className={styles.facts}>
            <Fact name="Median" seconds={result.median} />
            <Fact name="Average" seconds={result.average} />
          </dl>
          <Chart spec={spec} height={300} />
        </>
      )}
    </ResultFrame>
  );
}

const COLUMNS: TableColumn<readonly [string, number]>[] = [
  { key: "time", header: "Time", cell: ([label]) => label },
  { key: "people", header: "People", numeric: true, cell: ([, count]) => formatNumber(count) },
];

function Fact({ name, seconds }: { readonly name: string; readonly seconds: number | null }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{formatNumber(seconds, "seconds")}</dd>
    </div>
  );
}

interface EndsProps {
  readonly search: FunnelSearch;
  readonly onChange: (patch: Partial<FunnelSearch>) => void;
}

/** Between which steps; the whole funnel unless chosen otherwise. */
export function Ends({ search, onChange }: EndsProps) {
  const steps = stepsOf(search);
  const last = steps.length - 1;
  if (last < 2) return null;
  const to = Math.min(search.to_step ?? last, last);
  const from = Math.min(search.from_step ?? 0, to - 1);
  const options = steps.map((step, index) => ({ value: String(index), label: `${index + 1}. ${stepName(step)}` }));
  return (
    <span className={styles.correlate}>
      <Select aria-label="From step" value={String(from)} options={options.slice(0, to)} onChange={(step) => onChange({ from_step: Number(step) })} />
      <Select aria-label="To step" value={String(to)} options={options.slice(from + 1)} onChange={(step) => onChange({ to_step: Number(step) })} />
    </span>
  );
}
