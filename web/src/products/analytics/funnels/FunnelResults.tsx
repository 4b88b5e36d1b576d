import { SegmentedControl } from "@/design";

import { ResultFrame } from "../insight/ResultFrame";
import type { InsightReport } from "../insight/useInsightReport";
import type { FunnelResult, FunnelStep, StepsResult } from "./answers";
import { CorrelationView } from "./CorrelationView";
import { FunnelBars, type OpenStep } from "./FunnelBars";
import { funnelTitle, planLines, planPoint, stepsLines, stepsOf, viewOf, type FunnelLine } from "./plan";
import type { FunnelSearch, FunnelView } from "./search";
import { StepsTable } from "./StepsTable";
import { TimeView } from "./TimeView";
import { TrendView } from "./TrendView";

export interface FunnelReportProps {
  readonly report: InsightReport<FunnelSearch, FunnelResult>;
}

const VIEWS: readonly { value: FunnelView; label: string }[] = [
  { value: "steps", label: "Steps" },
  { value: "time_to_convert", label: "Time" },
  { value: "trend", label: "Trend" },
  { value: "correlation", label: "Correlation" },
];

export const MISSING = { title: "Choose the next step", text: "A funnel has two steps or more. Add what people should do next." };

export function ViewControl({ report: { state, change } }: FunnelReportProps) {
  return <SegmentedControl label="View" value={viewOf(state)} options={VIEWS} onChange={(view) => change({ view: view === "steps" ? undefined : view })} />;
}

/** The answer, one view at a time. */
export function FunnelResults({ report }: FunnelReportProps) {
  const view = viewOf(report.state);
  if (view === "time_to_convert") return <TimeView report={report} />;
  if (view === "trend") return <TrendView report={report} />;
  if (view === "correlation") return <CorrelationView report={report} />;
  return <StepsView report={report} />;
}

function StepsView({ report }: FunnelReportProps) {
  const { state } = report;
  const result = stepsResult(report.answer.data?.result);
  const lines = result ? planLines(result, state) : [];
  const open = peopleOpener(report, result?.steps ?? []);
  const last = result?.steps[result.steps.length - 1];
  return (
    <ResultFrame
      report={report}
      title={funnelTitle(state)}
      description={last && `${stepsOf(state).length} steps, ${rate(last)} convert`}
      controls={<ViewControl report={report} />}
      hasData={(result?.steps[0]?.count ?? 0) > 0}
      missing={MISSING}
      table={<StepsTable lines={lines} onOpen={open} />}
      csv={() => stepsLines(lines)}
    >
      {result && <FunnelBars result={result} lines={lines} onOpen={open} />}
    </ResultFrame>
  );
}

function rate(step: FunnelStep): string {
  return `${step.conversion_from_first ?? 0}%`;
}

/** The answer of another view may still be shown while this one's is on its way. */
function stepsResult(result: FunnelResult | undefined): StepsResult | undefined {
  return result?.steps ? { ...result, steps: result.steps } : undefined;
}

function peopleOpener(report: FunnelReportProps["report"], steps: readonly FunnelStep[]): OpenStep {
  return (line: FunnelLine, index, outcome) => {
    const step = steps[index]?.name ?? "";
    const who = line.breakdown ? `${line.name}: ` : "";
    const words = outcome === "converted" ? `reached ${step}` : `left before ${step}`;
    report.showPeople(`${who}${words}`, planPoint(line, index, outcome));
  };
}
