import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "./client";
import type { List } from "./types";

/** A saved question. */
export interface Insight {
  id: number;
  name: string;
  description?: string;
  kind?: string;
  query: Record<string, unknown>;
  display?: Record<string, unknown>;
  tags?: string[];
  is_favourite?: boolean;
  updated_at?: string;
}

export interface NewInsight {
  name: string;
  description?: string;
  query: object;
  display?: object;
  tags?: string[];
}

export type InsightChange = Partial<NewInsight & { is_favourite: boolean }>;

const insightsKey = (project: number) => ["project", project, "insights"] as const;
const insightsPath = (project: number) => `/api/v1/projects/${project}/insights`;

export function useInsights(project: number, search: { kind?: string; limit?: number } = {}) {
  return useQuery({
    queryKey: [...insightsKey(project), "list", search],
    queryFn: ({ signal }) => api.get<List<Insight>>(insightsPath(project), { search, signal }),
  });
}

/** The one that the address names, if it names one. */
export function useInsight(project: number, id: number | undefined) {
  return useQuery({
    queryKey: [...insightsKey(project), id],
    queryFn: ({ signal }) => api.get<Insight>(`${insightsPath(project)}/${id}`, { signal }),
    enabled: id !== undefined,
    placeholderData: undefined,
  });
}

export function useCreateInsight(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (insight: NewInsight) => api.post<Insight>(insightsPath(project), insight),
    onSuccess: (made) => keep(client, project, made),
  });
}

export function useChangeInsight(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: InsightChange & { id: number }) => api.patch<Insight>(`${insightsPath(project)}/${id}`, change),
    onSuccess: (changed) => keep(client, project, changed),
  });
}

function keep(client: ReturnType<typeof useQueryClient>, project: number, insight: Insight) {
  client.setQueryData([...insightsKey(project), insight.id], insight);
  void client.invalidateQueries({ queryKey: [...insightsKey(project), "list"] });
}
