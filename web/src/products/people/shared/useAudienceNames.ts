import { useSegments } from "@/api/segments";
import { useProject } from "@/app/project";
import { useCohortNames } from "@/products/analytics/shared/catalogue";
import type { CohortNames } from "@/products/analytics/shared/filters";

/** Names of cohorts and of the built-in segments, by number. */
export function useAudienceNames(): CohortNames {
  const project = useProject();
  const cohorts = useCohortNames(true);
  const segments = useSegments(project.id).data?.items ?? [];
  return new Map([...cohorts, ...segments.map(({ cohort, name }) => [String(cohort), name] as const)]);
}
