import { lazy, Suspense } from "react";

import { hasSeenEvents, useFirstEvent } from "@/api";
import { useProject } from "@/app/project";
import { SkeletonRows } from "@/design";

const WaitingForFirstEvent = lazy(async () => ({ default: (await import("@/products/onboarding/WaitingForFirstEvent")).WaitingForFirstEvent }));

/** In place of a report, while there is nothing to report on. */
export function NothingYet() {
  return (
    <Suspense fallback={<SkeletonRows rows={6} />}>
      <WaitingForFirstEvent />
    </Suspense>
  );
}

/** Whether the project never had an event. Unknown counts as no, so that the waiting page does not flash by. */
export function useIsEmpty(): boolean {
  const project = useProject();
  const first = useFirstEvent(project.id);
  return !hasSeenEvents(project.id) && first.data === null;
}
