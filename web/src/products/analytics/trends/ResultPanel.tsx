import { ChartArea, ChartColumn, ChartColumnStacked, ChartLine, Hash, Table2 } from "lucide-react";
import { useMemo } from "react";

import { Chart } from "@/charts/Chart";
import { formatBucketLong } from "@/charts/dates";
import type { BucketRange } from "@/charts/spec";
import { SegmentedControl, Switch } from "@/design";

import { ResultFrame } from "../insight/ResultFrame";
import type { InsightReport } from "../insight/useInsightReport";
import type { TrendsResult } from "../shared/answers";
import { useCohortNames } from "../shared/catalogue";
import { chosenInterval, zoomInto } from "../shared/periods";
import { Legend } from "./Legend";
import { NumberView } from "./NumberView";
import { describeLetters, drawsBuckets, hasPeople, isComplete, planChart, planPoint, planRows, reportTitle, seriesName, seriesOf, tableLines, type ResultRow } from "./plan";
import { ResultTable } from "./ResultTable";
import type { ChartType, TrendsSearch } from "./search";

const CHART_HEIGHT = 340;

const CHART_TYPES: readonly { value: ChartType; label: React.ReactNode; title: string }[] = [
  { value: "line", label: <ChartLine size={16} />, title: "Line" },
  { value: "area", label: <ChartArea size={16} />, title: "Area" },
  { value: "bar", label: <ChartColumn size={16} />, title: "Bar" },
  { value: "stacked-bar", label: <ChartColumnStacked size={16} />, title: "Stacked bar" },
  { value: "number", label: <Hash size={16} />, title: "Number" },
  { value: "table", label: <Table2 size={16} />, title: "Table" },
];

export interface TrendsReportProps {
  readonly report: InsightReport<TrendsSearch, TrendsResult>;
}

const MISSING = { title: "Choose a property to count", text: "Sums, averages and percentiles are taken of a property." };

/** The answer: as a picture, as a table, and as the query behind it. */
export function ResultPanel({ report }: TrendsReportProps) {
  const { state, change } = report;
  const result = report.isAsked ? report.answer.data?.result : undefined;
  const cohorts = useCohortNames(state.breakdown?.some((field) => field.type === "cohort") ?? false);
  const rows = useMemo(() => (result ? planRows(result, state, cohorts) : []), [result, state, cohorts]);
  const data = result !== undefined && hasData(result);
  const table = <ResultTable rows={rows} labels={result?.labels ?? []} search={state} onChange={change} onPeople={peopleOpener(report)} />;
  const waiting = seriesOf(state).filter((one) => !isComplete(one));
  return (
    <ResultFrame
      report={report}
      title={reportTitle(state)}
      description={state.formula && describeLetters(state)}
      controls={<Controls report={report} />}
      hasData={data}
      missing={MISSING}
      notes={waiting.map((one) => `${seriesName(one)}: choose the property to count.`)}
      isDashed={data && result.incomplete_from != null && drawsBuckets(state)}
      table={state.chart === "table" ? undefined : table}
      buckets={state.chart === "number" || state.chart === "table" ? undefined : result?.labels}
      csv={() => (result ? tableLines(result, rows) : [])}
    >
      {state.chart === "table" ? table : result && <Picture report={report} result={result} rows={rows} />}
    </ResultFrame>
  );
}

function Controls({ report: { state, change } }: TrendsReportProps) {
  return (
    <>
      <Switch label="Cumulative" checked={state.cumulative ?? false} onChange={(on) => change({ cumulative: on || undefined })} />
      <SegmentedControl label="Chart type" value={state.chart ?? "line"} options={CHART_TYPES} onChange={(chart) => change({ chart: chart === "line" ? undefined : chart })} />
    </>
  );
}

function hasData(result: TrendsResult): boolean {
  return result.series.some((series) => series.data.some((value) => value !== null && value !== 0));
}

export type OpenPeople = (row: ResultRow, bucket?: number) => void;

/** Who is behind a number; figures that are put together by a formula are nobody's. */
function peopleOpener({ state, showPeople, answer }: TrendsReportProps["report"]): OpenPeople | undefined {
  if (!hasPeople(state)) return undefined;
  return (row, bucket) => {
    const when = bucket === undefined ? "whole period" : formatBucketLong(answer.data?.result.labels[bucket] ?? "", chosenInterval(state));
    showPeople(`${row.name}, ${when}`, planPoint(row, bucket));
  };
}

interface PictureProps extends TrendsReportProps {
  readonly result: TrendsResult;
  readonly rows: readonly ResultRow[];
}

function Picture({ report, result, rows }: PictureProps) {
  const { state, change } = report;
  const hidden = useMemo(() => new Set(state.hidden), [state.hidden]);
  const spec = useMemo(() => planChart(result, rows.filter((row) => !hidden.has(row.name)), state), [result, rows, hidden, state]);
  if (state.chart === "number") return <NumberView rows={rows} search={state} incompleteFrom={spec.incompleteFrom} />;
  const zoom = ({ first, last }: BucketRange) => change(zoomInto(result.labels, first, last, chosenInterval(state)));
  const open = peopleOpener(report);
  const pick = open && (({ index, series }: { index: number; series: string }) => {
    const row = rows.find((one) => one.id === series);
    if (row) open(row, index);
  });
  return (
    <>
      <Chart spec={spec} height={CHART_HEIGHT} onZoom={result.labels.length > 2 ? zoom : undefined} onPick={pick} />
      {(rows.length > 1 || state.breakdown) && <Legend rows={rows} hidden={hidden} onChange={(names) => change({ hidden: names })} />}
    </>
  );
}
