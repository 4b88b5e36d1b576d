import { useInfiniteQuery } from "@tanstack/react-query";

import { api } from "./client";
import type { PropertyValue } from "./types";

/** Somebody behind a number. */
export interface FoundPerson {
  person: number | string;
  name: string;
  distinct_ids: string[];
  properties: Record<string, PropertyValue>;
  created_at: string | null;
  is_identified: boolean;
}

export interface PeoplePage {
  items: FoundPerson[];
  next_cursor: string | null;
  total: number;
  /** Who is listed, in words. */
  definition: string;
}

/** A number of an answer: the question, and the point of its answer. */
export interface PeopleSource {
  query: object;
  point: object;
}

export interface PeopleSearch {
  search?: string;
  limit?: number;
  cursor?: string | null;
}

export function fetchPeople(project: number, source: PeopleSource, { search, limit, cursor }: PeopleSearch, signal?: AbortSignal) {
  const body = { ...source, ...(search ? { search } : {}), ...(limit ? { limit } : {}), ...(cursor ? { cursor } : {}) };
  return api.post<PeoplePage>(`/api/v1/projects/${project}/query/people`, body, { signal });
}

const PAGE = 50;

/** Page after page of who is behind a number. */
export function usePeople(project: number, source: PeopleSource, search: string) {
  return useInfiniteQuery({
    queryKey: ["project", project, "people", source, search],
    queryFn: ({ pageParam, signal }) => fetchPeople(project, source, { search, limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

const LARGE_PAGE = 500;

/** Everybody behind a number, up to `most`; for a file. */
export async function fetchAllPeople(project: number, source: PeopleSource, search: string, most: number): Promise<FoundPerson[]> {
  const found: FoundPerson[] = [];
  let cursor: string | null = null;
  do {
    const page: PeoplePage = await fetchPeople(project, source, { search, limit: LARGE_PAGE, cursor });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && found.length < most);
  return found.slice(0, most);
}
