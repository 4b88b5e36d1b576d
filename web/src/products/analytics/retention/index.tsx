import { useMemo } from "react";

import { Chart } from "@/charts/Chart";
import { SegmentedControl } from "@/design";

import { InsightPage } from "../insight/InsightPage";
import { ResultFrame } from "../insight/ResultFrame";
import { useInsightReport, type InsightReport } from "../insight/useInsightReport";
import { RETENTION } from "./kind";
import { cohortName, periodOf, planCurve, planGrids, planPoint, retentionLines, retentionTitle, type Grid, type RetentionResult } from "./plan";
import styles from "./Retention.module.css";
import { RetentionBuilder } from "./RetentionBuilder";
import { RetentionGrid } from "./RetentionGrid";
import type { RetentionSearch } from "./search";

/** Who comes back, period after period. */
export default function RetentionPage() {
  const report = useInsightReport<RetentionSearch, RetentionResult>(RETENTION);
  return (
    <InsightPage report={report} builder={<RetentionBuilder search={report.state} onChange={report.change} />}>
      <Results report={report} />
    </InsightPage>
  );
}

interface ResultsProps {
  readonly report: InsightReport<RetentionSearch, RetentionResult>;
}

function Results({ report }: ResultsProps) {
  const { state } = report;
  const result = report.answer.data?.result;
  const grids = useMemo(() => (result ? planGrids(result, state) : []), [result, state]);
  const spec = useMemo(() => result && planCurve(result, grids), [result, grids]);
  const shows = state.show ?? "rates";
  const table = result && <Grids report={report} result={result} grids={grids} />;
  const isCurve = state.view === "curve";
  return (
    <ResultFrame
      report={report}
      title={retentionTitle(state)}
      controls={<Controls report={report} />}
      hasData={result?.cohorts.some((cohort) => cohort.size > 0) ?? false}
      table={isCurve ? table : undefined}
      csv={() => (result ? retentionLines(result, grids, shows) : [])}
    >
      {isCurve && spec ? <Chart spec={spec} height={320} /> : table}
    </ResultFrame>
  );
}

function Controls({ report: { state, change } }: ResultsProps) {
  return (
    <>
      <SegmentedControl label="View" value={state.view ?? "grid"} options={[{ value: "grid", label: "Grid" }, { value: "curve", label: "Curve" }]} onChange={(view) => change({ view: view === "grid" ? undefined : view })} />
      <SegmentedControl label="Numbers" value={state.show ?? "rates"} options={[{ value: "rates", label: "Per cent" }, { value: "people", label: "People" }]} onChange={(show) => change({ show: show === "rates" ? undefined : show })} />
    </>
  );
}

interface GridsProps extends ResultsProps {
  readonly result: RetentionResult;
  readonly grids: readonly Grid[];
}

function Grids({ report, result, grids }: GridsProps) {
  const open = (grid: Grid) => (cohort: number, interval: number) => {
    const found = grid.cohorts[cohort];
    const name = `Cohort of ${found ? cohortName(found, periodOf(report.state)) : ""}${grid.value === undefined ? "" : `, ${grid.name}`}`;
    report.showPeople(interval === 0 ? name : `${name}, back in ${(result.labels[interval] ?? "").toLowerCase()}`, planPoint(grid, cohort, interval));
  };
  return (
    <>
      {grids.map((grid) => (
        <section key={grid.name}>
          {grids.length > 1 && <h3 className={styles.name}>{grid.name}</h3>}
          <RetentionGrid grid={grid} labels={result.labels} shows={report.state.show ?? "rates"} period={periodOf(report.state)} onOpen={open(grid)} />
        </section>
      ))}
      <p className={styles.key}>
        <span>The darker, the more came back.</span>
        <span>
          <span className={styles.sample} aria-hidden="true" />
          Not over yet
        </span>
      </p>
    </>
  );
}
