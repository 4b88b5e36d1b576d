import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "./client";

export interface SegmentRules {
  readonly window_days: number;
  readonly power_days: number;
  readonly engaged_days: number;
  readonly at_risk_days: number;
  readonly new_days: number;
}

export interface Segment {
  readonly key: string;
  readonly name: string;
  /** The number that filters of type `cohort` take. */
  readonly cohort: number;
  readonly people: number;
  /** Of everyone in the project, from 0 to 1. */
  readonly share: number;
  readonly definition: string;
}

export interface Segments {
  readonly items: readonly Segment[];
  readonly people: number;
  readonly rest: number;
  readonly rules: SegmentRules;
  readonly calculated_at: string | null;
  readonly definition: string;
}

export interface RfmSegment {
  readonly key: string;
  readonly name: string;
  readonly people: number;
  readonly share: number;
  readonly mean_count: number;
  readonly mean_money: number;
  readonly mean_days_since: number;
}

export interface RfmCell {
  readonly recency: number;
  readonly frequency: number;
  readonly segment: string;
  readonly people: number;
}

export interface Rfm {
  readonly people: number;
  readonly segments: readonly RfmSegment[];
  readonly cells: readonly RfmCell[];
  readonly monetary: readonly { readonly monetary: number; readonly people: number }[] | null;
}

const key = (project: number) => ["project", project, "segments"] as const;
const path = (project: number) => `/api/v1/projects/${project}/segments`;

export function useSegments(project: number) {
  return useQuery({
    queryKey: key(project),
    queryFn: ({ signal }) => api.get<Segments>(path(project), { signal }),
  });
}

/** The thresholds; the answer has the segments worked out with them. */
export function useChangeSegmentRules(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (rules: Partial<SegmentRules>) => api.patch<Segments>(`${path(project)}/rules`, rules),
    onSuccess: (segments) => client.setQueryData(key(project), segments),
  });
}

export function useCalculateSegments(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<Segments>(`${path(project)}/calculation`),
    onSuccess: (segments) => client.setQueryData(key(project), segments),
  });
}
