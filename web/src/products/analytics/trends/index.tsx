import { InsightPage } from "../insight/InsightPage";
import { useInsightReport } from "../insight/useInsightReport";
import type { TrendsResult } from "../shared/answers";
import { TRENDS } from "./kind";
import { ReportBuilder } from "./ReportBuilder";
import { ResultPanel } from "./ResultPanel";
import type { TrendsSearch } from "./search";

/** The explorer: any events, counted any way, over time. */
export default function TrendsPage() {
  const report = useInsightReport<TrendsSearch, TrendsResult>(TRENDS);
  return (
    <InsightPage report={report} canCompare builder={<ReportBuilder search={report.state} onChange={report.change} />}>
      <ResultPanel report={report} />
    </InsightPage>
  );
}
