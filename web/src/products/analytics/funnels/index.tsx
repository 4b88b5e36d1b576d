import { InsightPage } from "../insight/InsightPage";
import { useInsightReport } from "../insight/useInsightReport";
import type { FunnelResult } from "./answers";
import { FunnelBuilder } from "./FunnelBuilder";
import { FunnelResults } from "./FunnelResults";
import { FUNNEL } from "./kind";
import type { FunnelSearch } from "./search";

/** How many go from step to step, how long it takes them, and what those have in common who do. */
export default function FunnelsPage() {
  const report = useInsightReport<FunnelSearch, FunnelResult>(FUNNEL);
  return (
    <InsightPage report={report} builder={<FunnelBuilder search={report.state} onChange={report.change} />}>
      <FunnelResults report={report} />
    </InsightPage>
  );
}
