import { hasSeenEvents, useFirstEvent } from "@/api";
import { useProject } from "@/app/project";

export { WaitingForFirstEvent as NothingYet } from "@/products/onboarding/WaitingForFirstEvent";

/** Whether the project never had an event. Unknown counts as no, so that the waiting page does not flash by. */
export function useIsEmpty(): boolean {
  const project = useProject();
  const first = useFirstEvent(project.id);
  return !hasSeenEvents(project.id) && first.data === null;
}
