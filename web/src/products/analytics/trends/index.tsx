import { Page } from "@/design";

import { PeriodBar } from "../shared/FilterBar";
import { NothingYet, useIsEmpty } from "../shared/NothingYet";
import { useReport } from "../shared/useReport";
import { ReportBuilder } from "./ReportBuilder";
import { ResultPanel } from "./ResultPanel";
import { validateTrendsSearch } from "./search";
import styles from "./Trends.module.css";

/** The explorer: any events, counted any way, over time. */
export default function TrendsPage() {
  const { state, change } = useReport(validateTrendsSearch);
  const isEmpty = useIsEmpty();
  if (isEmpty) {
    return (
      <Page title="Trends">
        <NothingYet />
      </Page>
    );
  }
  return (
    <Page title="Trends" actions={<PeriodBar period={state} compares={state.compare ?? false} onChange={(patch) => change(patch)} />}>
      <div className={styles.layout}>
        <ReportBuilder search={state} onChange={change} />
        <ResultPanel search={state} onChange={change} />
      </div>
    </Page>
  );
}
