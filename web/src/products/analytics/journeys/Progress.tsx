import { CircleCheck, CircleDashed } from "lucide-react";

import { Badge, classes, Panel } from "@/design";
import { formatNumber } from "@/lib/numbers";
import { formatDateTime } from "@/lib/times";

import type { JourneyProgress } from "./answers";
import styles from "./Journeys.module.css";
import { describeProgress, sinceStepBefore } from "./plan";

interface ProgressProps {
  readonly progress: JourneyProgress;
  readonly timezone: string;
}

/** How far somebody came in the funnel, and where they stopped. */
export function Progress({ progress, timezone }: ProgressProps) {
  const { steps, step_reached, converted } = progress;
  const stopped = converted ? null : (step_reached ?? -1) + 1;
  return (
    <Panel title="How far" description={describeProgress(progress)}>
      <ol className={styles.steps}>
        {steps.map(({ name, reached_at }, index) => {
          const since = sinceStepBefore(steps, index);
          return (
            <li key={`${index}${name}`} className={classes(styles.step, !reached_at && styles.unreached)}>
              {reached_at ? <CircleCheck size={18} className={styles.done} aria-hidden="true" /> : <CircleDashed size={18} aria-hidden="true" />}
              <span className={styles.stepName}>
                {index + 1}. {name}
              </span>
              {index === stopped && <Badge>{index === 0 ? "Not started" : "Stopped before"}</Badge>}
              <span className={styles.when}>
                {reached_at ? formatDateTime(reached_at, timezone) : "Not reached"}
                {since !== null && <span>{since > 0 ? `${formatNumber(since, "seconds")} later` : "at once"}</span>}
              </span>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
