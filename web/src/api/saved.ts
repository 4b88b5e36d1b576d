/** Saved insights as their list needs them; insights.ts has what a single report needs. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "./client";
import { useStays } from "./deletion";
import { projectDeletionKey } from "./projects";
import { sessionQuery } from "./session";
import type { List } from "./types";

export interface Who {
  /** A key has none. */
  readonly id: number | null;
  readonly name: string;
}

export interface SavedInsight {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly tags: string[];
  readonly kind: string;
  readonly query: Record<string, unknown>;
  readonly display: Record<string, unknown>;
  readonly is_favourite: boolean;
  readonly archived: boolean;
  readonly version: number;
  readonly owner: Who | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly updated_by: Who;
}

export interface SavedVersion {
  readonly version: number;
  readonly name: string;
  readonly description: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly display: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  readonly made_by: Who;
  readonly created_at: string;
}

export interface SavedSearch {
  readonly search?: string | undefined;
  readonly tag?: string | undefined;
  readonly kind?: string | undefined;
  readonly favourite?: boolean | undefined;
  readonly owner?: "me" | undefined;
  readonly archived?: boolean | undefined;
}

export interface SavedChange {
  readonly id: number;
  readonly name?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly is_favourite?: boolean;
  readonly archived?: boolean;
}

const PAGE = 50;
const key = (project: number) => ["project", project, "insights"] as const;
const path = (project: number, rest = "") => `/api/v1/projects/${project}/insights${rest}`;

export function useSavedList(project: number, search: SavedSearch) {
  return useInfiniteQuery({
    queryKey: [...key(project), "list", "saved", search],
    queryFn: ({ pageParam, signal }) => api.get<List<SavedInsight>>(path(project), { search: { ...search, limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

/** The few that the person likes to find first. */
export function useFavourites(project: number, most: number) {
  const client = useQueryClient();
  const stays = useStays(projectDeletionKey(project));
  return useQuery({
    // The sidebar fetches its favourites when there is time, and by then somebody may have signed out or deleted the project.
    enabled: () => stays && (client.getQueryData(sessionQuery.queryKey)?.projects.some(({ id }) => id === project) ?? false),
    queryKey: [...key(project), "list", "favourites", most],
    queryFn: ({ signal }) => api.get<List<SavedInsight>>(path(project), { search: { favourite: true, limit: most }, signal }),
    placeholderData: undefined,
    staleTime: 60_000,
  });
}

export function useSavedVersions(project: number, id: number) {
  return useQuery({
    queryKey: [...key(project), id, "versions"],
    queryFn: ({ signal }) => api.get<List<SavedVersion>>(path(project, `/${id}/versions`), { signal }),
    placeholderData: undefined,
  });
}

export function useChangeSaved(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: SavedChange) => api.patch<SavedInsight>(path(project, `/${id}`), change),
    onSuccess: () => client.invalidateQueries({ queryKey: key(project) }),
  });
}

export function useRestoreVersion(project: number, id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (version: number) => api.post<SavedInsight>(path(project, `/${id}/versions/${version}/restoration`)),
    onSuccess: () => client.invalidateQueries({ queryKey: key(project) }),
  });
}

export interface TagCount {
  readonly tag: string;
  readonly count: number;
}

export function useTags(project: number) {
  return useQuery({
    queryKey: [...key(project), "tags"],
    queryFn: ({ signal }) => api.get<List<TagCount>>(`/api/v1/projects/${project}/tags`, { signal }),
  });
}
