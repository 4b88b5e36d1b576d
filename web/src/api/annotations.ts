import { useMutation, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "./client";
import type { Who } from "./saved";
import type { List } from "./types";

/** A note at a moment, of the whole project or of one insight. */
export interface Note {
  readonly id: number;
  readonly text: string;
  /** As it was given: a date in the project's zone, or a moment. */
  readonly date: string;
  readonly at: string;
  readonly scope: "project" | "insight";
  readonly insight_id: number | null;
  readonly owner: Who | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface NewNote {
  readonly text: string;
  readonly date: string;
  readonly scope?: "project" | "insight";
  readonly insight_id?: number | null;
}

export interface NotesSearch {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly insight_id?: number | undefined;
}

const key = (project: number) => ["project", project, "annotations"] as const;
const path = (project: number, rest = "") => `/api/v1/projects/${project}/annotations${rest}`;
const MOST_ON_A_CHART = 100;
const PAGE = 100;

/** The notes of a stretch of time, for a chart of it; `insight_id` adds those of that insight. */
export function useNotes(project: number, search: NotesSearch, enabled = true) {
  return useQuery({
    queryKey: [...key(project), "within", search],
    queryFn: ({ signal }) => api.get<List<Note>>(path(project), { search: { ...search, limit: MOST_ON_A_CHART }, signal }),
    enabled,
  });
}

export function useAllNotes(project: number) {
  return useInfiniteQuery({
    queryKey: [...key(project), "all"],
    queryFn: ({ pageParam, signal }) => api.get<List<Note>>(path(project), { search: { limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

/** Without `id` a new note is made. */
export function useSaveNote(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...note }: NewNote & { id?: number | undefined }) => (id === undefined ? api.post<Note>(path(project), note) : api.patch<Note>(path(project, `/${id}`), note)),
    onSuccess: () => client.invalidateQueries({ queryKey: key(project) }),
  });
}

export function useDeleteNote(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete(path(project, `/${id}`)),
    onSuccess: () => client.invalidateQueries({ queryKey: key(project) }),
  });
}
