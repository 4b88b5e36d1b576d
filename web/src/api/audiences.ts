/** Cohorts as their own pages need them, and the built-in segments. Pickers elsewhere need only names: cohorts.ts. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";

import { api } from "./client";
import { FORGOTTEN_WITH_ITS_PAGE, useStays } from "./deletion";
import type { PeoplePage } from "./people";
import type { List } from "./types";

/** Criteria joined by and, or and not, as the server keeps them. */
export type Definition = Readonly<Record<string, unknown>>;

export interface CohortView {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly kind: "static" | "dynamic";
  readonly definition: Definition | null;
  readonly source: Readonly<Record<string, unknown>> | null;
  /** Who is meant, in words. */
  readonly meaning: string;
  readonly tags: readonly string[];
  readonly version: number;
  readonly size: number | null;
  readonly calculated_at: string | null;
  readonly calculating: boolean;
  readonly error: string | null;
  readonly owner_id: number | null;
  readonly owner: string | null;
  readonly is_favourite: boolean;
  readonly created_at: string;
  readonly updated_at: string;
}

export type MadeCohort = CohortView & { readonly unknown_ids: number };

export interface NewCohort {
  readonly name: string;
  readonly kind: "static" | "dynamic";
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly definition?: Definition;
  readonly distinct_ids?: readonly string[];
  readonly csv?: string;
}

export interface CohortChange {
  readonly name?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly definition?: Definition;
  readonly is_favourite?: boolean;
}

export interface OldDefinition {
  readonly version: number;
  readonly definition: Definition;
  readonly replaced_at: string;
}

export interface MemberChange {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

export interface CohortListSearch {
  readonly search?: string | undefined;
  readonly kind?: "static" | "dynamic" | undefined;
  readonly tag?: string | undefined;
  readonly favourites?: boolean | undefined;
  readonly owner?: "me" | undefined;
}

/** Whom a rule means before it is kept: the first few, and how many they are. */
export interface CohortPreview extends PeoplePage {
  readonly elapsed_ms: number;
  /** What in the rule the server did not read. */
  readonly warnings: readonly string[];
}

const PAGE = 50;
const POLL_MS = 2_000;
const key = (project: number) => ["project", project, "cohorts"] as const;
const path = (project: number, rest = "") => `/api/v1/projects/${project}/cohorts${rest}`;
const deletionKey = (project: number, id: number) => [...key(project), id, "deletion"] as const;

export function useCohortList(project: number, search: CohortListSearch) {
  return useInfiniteQuery({
    queryKey: [...key(project), "list", search],
    queryFn: ({ pageParam, signal }) => api.get<List<CohortView>>(path(project), { search: { ...search, limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

/** One cohort; while it is being worked out, asked again every two seconds. */
export function useCohort(project: number, id: number) {
  const stays = useStays(deletionKey(project, id));
  return useQuery({
    enabled: stays,
    queryKey: [...key(project), id],
    queryFn: ({ signal }) => api.get<CohortView>(path(project, `/${id}`), { signal }),
    placeholderData: undefined,
    refetchInterval: (query) => (query.state.data?.calculating ? POLL_MS : false),
  });
}

export function useCohortPeople(project: number, id: number, search: string) {
  const stays = useStays(deletionKey(project, id));
  return useInfiniteQuery({
    enabled: stays,
    queryKey: [...key(project), id, "people", search],
    queryFn: ({ pageParam, signal }) => api.get<PeoplePage>(path(project, `/${id}/people`), { search: { search, limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

export function useCohortVersions(project: number, id: number) {
  const stays = useStays(deletionKey(project, id));
  return useInfiniteQuery({
    enabled: stays,
    queryKey: [...key(project), id, "versions"],
    queryFn: ({ pageParam, signal }) => api.get<List<OldDefinition>>(path(project, `/${id}/versions`), { search: { limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: undefined,
  });
}

const EXAMPLES = 5;
const PREVIEW_FRESH_MS = 60_000;

/** Asks while a rule is written; `definition` is its JSON, null while there is nothing to ask. `self` is the cohort that is changed. */
export function useCohortPreview(project: number, definition: string | null, self: number | undefined) {
  return useQuery({
    enabled: definition !== null,
    queryKey: [...key(project), "preview", definition, self],
    queryFn: ({ signal }) => api.post<CohortPreview>(path(project, "/preview"), { definition: JSON.parse(definition ?? "{}") as Definition, cohort: self ?? null, limit: EXAMPLES }, { signal }),
    staleTime: PREVIEW_FRESH_MS,
    retry: false,
  });
}

export function useCreateCohort(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (cohort: NewCohort) => api.post<MadeCohort>(path(project), cohort),
    onSuccess: (made) => keep(client, project, made),
  });
}

export function useChangeCohort(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: CohortChange & { id: number }) => api.patch<CohortView>(path(project, `/${id}`), change),
    onSuccess: (changed) => keep(client, project, changed),
  });
}

/** What is shown of the cohort stays as it is meanwhile; `left` is for when its page is gone. */
export function useDeleteCohort(project: number, id: number) {
  const client = useQueryClient();
  const deletion = useMutation({
    mutationKey: deletionKey(project, id),
    mutationFn: () => api.delete(path(project, `/${id}`)),
    onMutate: () => client.cancelQueries({ queryKey: [...key(project), id] }),
    onSuccess: () => void client.invalidateQueries({ queryKey: key(project), predicate: ({ queryKey }) => queryKey[key(project).length] !== id }),
    ...FORGOTTEN_WITH_ITS_PAGE,
  });
  return { deletion, left: () => client.removeQueries({ queryKey: [...key(project), id] }) };
}

export function useCalculateCohort(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.post<CohortView>(path(project, `/${id}/calculation`)),
    onSuccess: (changed) => keep(client, project, changed),
  });
}

export function useChangeMembers(project: number, id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: MemberChange) => api.post<MadeCohort>(path(project, `/${id}/people`), change),
    onSuccess: (changed) => keep(client, project, changed),
  });
}

/** The page of the cohort shows the answer at once; lists and people of it are asked anew. */
function keep(client: QueryClient, project: number, cohort: CohortView) {
  void client.invalidateQueries({ queryKey: key(project) });
  client.setQueryData([...key(project), cohort.id], cohort);
}
