import { SegmentedControl } from "@/design";

import type { InsightReport } from "../insight/useInsightReport";
import type { FunnelResult } from "./answers";
import { viewOf } from "./plan";
import type { FunnelSearch, FunnelView } from "./search";

/** What every view of a funnel is given. */
export interface FunnelReportProps {
  readonly report: InsightReport<FunnelSearch, FunnelResult>;
}

const VIEWS: readonly { value: FunnelView; label: string }[] = [
  { value: "steps", label: "Steps" },
  { value: "time_to_convert", label: "Time" },
  { value: "trend", label: "Trend" },
  { value: "correlation", label: "Correlation" },
];

/** What a funnel without a second step says in place of an answer. */
export const MISSING = { title: "Choose the next step", text: "A funnel has two steps or more. Add what people should do next." };

/** Which of its views a funnel shows. */
export function ViewControl({ report: { state, change } }: FunnelReportProps) {
  return <SegmentedControl label="View" value={viewOf(state)} options={VIEWS} onChange={(view) => change({ view: view === "steps" ? undefined : view })} />;
}
