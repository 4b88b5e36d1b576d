import { useId, useMemo } from "react";

import { Chart } from "@/charts/Chart";
import { formatBucketLong } from "@/charts/dates";
import { KpiStrip } from "@/charts/KpiStrip";
import { Card } from "@/design";

import { InsightPage } from "../insight/InsightPage";
import { ResultFrame } from "../insight/ResultFrame";
import { seriesHaveData, seriesLines } from "../insight/seriesChart";
import { SeriesTable } from "../insight/SeriesTable";
import { useInsightReport, type InsightReport } from "../insight/useInsightReport";
import styles from "./Active.module.css";
import { ACTIVE, peopleTitle, planChart, planFigures, planPoint, planTable, windowOf, type ActiveResult } from "./plan";
import { WINDOWS, type ActiveSearch } from "./search";

/** How many people are here in a day, a week, a month, and how often they come. */
export default function ActiveUsersPage() {
  const report = useInsightReport<ActiveSearch, ActiveResult>(ACTIVE);
  return (
    <InsightPage report={report}>
      <Results report={report} />
    </InsightPage>
  );
}

function Results({ report }: { readonly report: InsightReport<ActiveSearch, ActiveResult> }) {
  const { state, change } = report;
  const shown = windowOf(state);
  const panel = useId();
  const result = report.answer.data?.result;
  const chart = useMemo(() => result && planChart(result, shown), [result, shown]);
  const table = useMemo(() => result && planTable(result), [result]);
  const open = (window: string, index: number) => {
    const label = result?.labels[index];
    const known = WINDOWS.find((one) => one === window);
    if (label && known) report.showPeople(peopleTitle(known, formatBucketLong(label, "day")), planPoint(known, index));
  };
  const pick = shown === "engagement" ? undefined : ({ index }: { index: number }) => open(shown, index);
  return (
    <>
      <Card flush className={styles.figures}>
        <KpiStrip cells={planFigures(result)} selected={shown} onSelect={(id) => change({ show: WINDOWS.find((one) => one === id) })} controls={panel} refreshing={report.answer.isPlaceholderData} />
      </Card>
      <div id={panel} role="tabpanel" className={styles.panel}>
        <ResultFrame
          report={report}
          title={ACTIVE.name(state)}
          hasData={table !== undefined && seriesHaveData(table.series)}
          isDashed={result?.incomplete_from != null}
          table={table && <SeriesTable chart={table} onOpen={open} />}
          buckets={result?.labels}
          csv={() => (table ? seriesLines(table) : [])}
        >
          {chart && <Chart spec={chart} height={320} onPick={pick} />}
        </ResultFrame>
      </div>
    </>
  );
}
