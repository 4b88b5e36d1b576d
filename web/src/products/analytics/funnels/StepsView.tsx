import { ResultFrame } from "../insight/ResultFrame";
import type { FunnelResult, FunnelStep, StepsResult } from "./answers";
import { FunnelBars, type OpenStep } from "./FunnelBars";
import { funnelTitle, planLines, planPoint, stepsLines, stepsOf, type FunnelLine } from "./plan";
import { StepsTable } from "./StepsTable";
import { MISSING, ViewControl, type FunnelReportProps } from "./ViewControl";

/** How many people reach each step, and who left before it. */
export function StepsView({ report }: FunnelReportProps) {
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
      table={<StepsTable search={state} lines={lines} onOpen={open} />}
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
