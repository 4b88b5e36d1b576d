import { CorrelationView } from "./CorrelationView";
import { viewOf } from "./plan";
import { StepsView } from "./StepsView";
import { TimeView } from "./TimeView";
import { TrendView } from "./TrendView";
import type { FunnelReportProps } from "./ViewControl";

/** The answer, one view at a time. */
export function FunnelResults({ report }: FunnelReportProps) {
  const view = viewOf(report.state);
  if (view === "time_to_convert") return <TimeView report={report} />;
  if (view === "trend") return <TrendView report={report} />;
  if (view === "correlation") return <CorrelationView report={report} />;
  return <StepsView report={report} />;
}
