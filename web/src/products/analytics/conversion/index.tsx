import { useId, useMemo } from "react";

import { Chart } from "@/charts/Chart";
import { formatBucketLong } from "@/charts/dates";
import { KpiStrip } from "@/charts/KpiStrip";
import { Card, Table, type TableColumn } from "@/design";
import { formatNumber } from "@/lib/numbers";

import { FunnelBars, type OpenStep } from "../funnels/FunnelBars";
import { InsightPage } from "../insight/InsightPage";
import { ResultFrame } from "../insight/ResultFrame";
import { useInsightReport, type InsightReport } from "../insight/useInsightReport";
import { chosenInterval } from "../shared/periods";
import styles from "./Conversion.module.css";
import { ConversionBuilder } from "./ConversionBuilder";
import { CONVERSION, conversionLines, conversionTitle, figureOf, peopleTitle, planBars, planChart, planFigures, planPoint, type ConversionResult, type Outcome } from "./plan";
import { FIGURES, type ConversionSearch } from "./search";
import { TrendTable } from "./TrendTable";

/** Of those who did one thing, how many did another in time, and how long it took them. */
export default function ConversionPage() {
  const report = useInsightReport<ConversionSearch, ConversionResult>(CONVERSION);
  return (
    <InsightPage report={report} builder={<ConversionBuilder search={report.state} onChange={report.change} />}>
      <Results report={report} />
    </InsightPage>
  );
}

interface ResultsProps {
  readonly report: InsightReport<ConversionSearch, ConversionResult>;
}

const MISSING = { title: "Choose the event that converts", text: "People start with the one event, and convert with the other." } as const;
const BY_START = "By when people started, which somebody may do more than once";
const TIMES = "How long people took from the one to the other";

function Results({ report }: ResultsProps) {
  const { state, change } = report;
  const panel = useId();
  const figure = figureOf(state);
  const result = report.isAsked ? report.answer.data?.result : undefined;
  const chart = useMemo(() => result && planChart(result, state), [result, state]);
  const bars = useMemo(() => result && planBars(result, state), [result, state]);
  const open = (outcome: Outcome, bucket?: string) => {
    const when = bucket === undefined ? "" : `, started ${formatBucketLong(bucket, chosenInterval(state))}`;
    report.showPeople(`${peopleTitle(outcome, state)}${when}`, planPoint(outcome, bucket));
  };
  const openStep: OpenStep = (_, step, outcome) => open(step === 0 ? "started" : outcome);
  const pick = ({ index }: { index: number }) => {
    if (figure !== "time" && result?.trend?.started[index]) open(figure === "rate" ? "converted" : figure, result.trend.labels[index]);
  };
  return (
    <>
      <Card flush className={styles.figures}>
        <KpiStrip cells={planFigures(result)} selected={figure} onSelect={(id) => change({ show: FIGURES.find((one) => one === id && one !== "rate") })} controls={panel} refreshing={report.answer.isPlaceholderData} />
      </Card>
      <div id={panel} role="tabpanel" className={styles.panel}>
        <ResultFrame
          report={report}
          title={conversionTitle(state)}
          description={figure === "time" ? TIMES : BY_START}
          hasData={(result?.started ?? 0) > 0}
          missing={MISSING}
          isDashed={result?.trend?.incomplete_from != null}
          table={result && <ResultTable report={report} result={result} onOpen={open} />}
          csv={() => (result ? conversionLines(result) : [])}
        >
          {bars && <FunnelBars result={bars} lines={[{ name: "Everybody", colour: 1, steps: bars.steps }]} onOpen={openStep} />}
          {chart && <div className={styles.chart}>{figure === "time" && !result?.converted ? <p className={styles.nobody}>Nobody went on to it in time.</p> : <Chart spec={chart} height={280} onPick={figure === "time" ? undefined : pick} />}</div>}
        </ResultFrame>
      </div>
    </>
  );
}

interface ResultTableProps extends ResultsProps {
  readonly result: ConversionResult;
  readonly onOpen: (outcome: Outcome, bucket?: string) => void;
}

function ResultTable({ report: { state }, result, onOpen }: ResultTableProps) {
  if (result.trend) return <TrendTable trend={result.trend} search={state} onOpen={(outcome, index) => onOpen(outcome, result.trend?.labels[index])} />;
  const spec = planChart(result, state);
  const rows = spec?.labels.map((label, index) => [label, spec.series[0]?.data[index] ?? 0] as const) ?? [];
  return <Table caption="Time to convert" columns={TIME_COLUMNS} rows={rows} rowKey={([label]) => label} />;
}

const TIME_COLUMNS: TableColumn<readonly [string, number]>[] = [
  { key: "time", header: "Time", cell: ([label]) => label },
  { key: "people", header: "People", numeric: true, cell: ([, count]) => formatNumber(count) },
];
