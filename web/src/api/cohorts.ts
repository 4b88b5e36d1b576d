import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "./client";
import type { PeopleSource } from "./people";
import type { List } from "./types";

export interface Cohort {
  id: number;
  name: string;
  kind: string;
}

export interface NewPeopleCohort {
  name: string;
  kind: "static";
  people: PeopleSource;
}

const cohortsKey = (project: number) => ["project", project, "cohorts"] as const;
const cohortsPath = (project: number) => `/api/v1/projects/${project}/cohorts`;

/** Cohorts by name, for pickers. */
export function useCohorts(project: number, enabled = true) {
  return useQuery({
    queryKey: [...cohortsKey(project), "names"],
    queryFn: ({ signal }) => api.get<List<Cohort>>(cohortsPath(project), { search: { limit: 200 }, signal }),
    staleTime: 60_000,
    enabled,
  });
}

/** Keeps the people behind a number as a list that does not change. */
export function useSavePeople(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (cohort: NewPeopleCohort) => api.post<Cohort>(cohortsPath(project), cohort),
    onSuccess: () => client.invalidateQueries({ queryKey: cohortsKey(project) }),
  });
}
