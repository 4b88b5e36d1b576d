/** Changes to the steps of a funnel; what refers to steps by number goes along or is dropped. */
import type { Exclusion, StepState } from "./search";

export type StepAction = "up" | "down" | "remove" | "optional";

export function actOn(steps: readonly StepState[], index: number, action: StepAction): StepState[] {
  const step = steps[index];
  if (!step) return [...steps];
  if (action === "remove") return steps.filter((_, position) => position !== index).map(asFirst);
  if (action === "optional") return steps.map((one, position) => (position === index ? { ...one, optional: one.optional ? undefined : true } : one));
  const other = action === "up" ? index - 1 : index + 1;
  const moved = [...steps];
  const neighbour = moved[other];
  if (!neighbour) return moved;
  moved[other] = step;
  moved[index] = neighbour;
  return moved.map(asFirst);
}

/** Everybody enters by the first step, so it cannot be optional. */
function asFirst(step: StepState, index: number): StepState {
  return index === 0 && step.optional ? { ...step, optional: undefined } : step;
}

/** Exclusions between steps that are there, of events that are no step. */
export function keptExclusions(exclusions: readonly Exclusion[] | undefined, steps: readonly StepState[]): Exclusion[] | undefined {
  const last = steps.length - 1;
  const kept = (exclusions ?? [])
    .map((one) => ({ ...one, to_step: Math.min(one.to_step, last) }))
    .filter((one) => one.from_step < one.to_step && !steps.some((step) => step.event === one.event));
  return kept.length > 0 ? kept : undefined;
}
