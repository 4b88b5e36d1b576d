/** The pages of a journey after the first, and finding whose it is. */
import { useInfiniteQuery } from "@tanstack/react-query";

import { api } from "@/api";
import type { ActivePerson } from "@/api/persons";
import { useProject } from "@/app/project";
import type { ComboboxOption } from "@/design";

import type { QueryRequest } from "../shared/answers";
import { ask } from "../shared/useReportQuery";
import type { JourneyResult } from "./answers";

/** What follows the first page of an answer; asked for a page at a time, when somebody wants more. */
export function useRest(request: QueryRequest, cursor: string | null) {
  const project = useProject();
  const rest = useInfiniteQuery({
    queryKey: ["project", project.id, "journey", request, cursor],
    queryFn: ({ pageParam, signal }) => ask<JourneyResult>(project.id, { ...request, funnel: undefined, cursor: pageParam } as QueryRequest, signal),
    initialPageParam: cursor,
    getNextPageParam: (last) => last.result.next_cursor,
    enabled: false,
    placeholderData: undefined,
  });
  return {
    pages: rest.data?.pages.map(({ result }) => result) ?? [],
    error: rest.error,
    hasNextPage: rest.data ? rest.hasNextPage : cursor !== null,
    isFetchingNextPage: rest.isFetching,
    fetchNextPage: rest.fetchNextPage,
  };
}

const MOST = 20;

/** People by what is typed: an id, a name, an e-mail address; those last active while nothing is. */
export function useFindPeople() {
  const project = useProject();
  return async (search: string, signal: AbortSignal): Promise<ComboboxOption[]> => {
    const found = await api.get<{ items: readonly ActivePerson[] }>(`/api/v1/projects/${project.id}/persons`, { search: { ...(search ? { search } : {}), limit: MOST }, signal });
    return found.items.map(({ person, name, distinct_ids }) => ({ value: String(person), label: name, detail: distinct_ids.find((id) => id !== name) }));
  };
}
