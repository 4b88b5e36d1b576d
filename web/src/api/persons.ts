/** Persons and groups: lists, one with all that is known, what they did, and who is one person. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "./client";
import type { FoundPerson } from "./people";
import type { List, PropertyValue } from "./types";

export interface ActivePerson extends FoundPerson {
  readonly last_seen: string | null;
}

export interface Person extends FoundPerson {
  readonly person: number;
  readonly first_seen: string | null;
  readonly last_seen: string | null;
  readonly events: number;
  readonly sessions: number;
  readonly groups: readonly { readonly type: string; readonly key: string }[];
  readonly cohorts: readonly { readonly id: number; readonly name: string; readonly is_segment: boolean }[];
  readonly merges: readonly Merge[];
}

/** A merge that made a person of two. */
export interface Merge {
  readonly person: number;
  readonly into: number;
  /** The id that brought it about. */
  readonly distinct_id: string;
  readonly reason: string;
  readonly merged_at: string;
  readonly is_folded: boolean;
}

export interface PersonEvent {
  readonly uuid: string;
  readonly event: string;
  readonly timestamp: string;
  readonly distinct_id: string;
  readonly session_id: string;
  readonly url: string;
  readonly path: string;
  readonly browser?: string;
  readonly os?: string;
  readonly device?: string;
  readonly country?: string;
  readonly properties: Readonly<Record<string, PropertyValue>>;
}

export interface PersonSession {
  readonly session_id: string;
  readonly start: string;
  readonly end: string;
  /** Seconds. */
  readonly duration: number;
  readonly is_bounce: boolean;
  readonly events: number;
  readonly pageviews: number;
  readonly entry_path: string;
  readonly exit_path: string;
  readonly referrer_host: string;
  readonly channel: string;
  readonly browser: string;
  readonly os: string;
  readonly device: string;
  readonly country: string;
}

export interface PersonsSearch {
  readonly search?: string | undefined;
  readonly cohort?: number | undefined;
  readonly order?: "activity" | "number" | undefined;
}

type PersonPage = List<ActivePerson> & { total: number };

const PAGE = 50;
const key = (project: number) => ["project", project, "persons"] as const;
const path = (project: number, rest = "") => `/api/v1/projects/${project}/persons${rest}`;

export function usePersons(project: number, search: PersonsSearch) {
  return useInfiniteQuery({
    queryKey: [...key(project), "list", search],
    queryFn: ({ pageParam, signal }) => api.get<PersonPage>(path(project), { search: { ...search, limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

export function usePerson(project: number, person: string) {
  return useQuery({
    queryKey: [...key(project), person],
    queryFn: ({ signal }) => api.get<Person>(path(project, `/${encodeURIComponent(person)}`), { signal }),
    placeholderData: undefined,
  });
}

/** Which events of a person or a group: of any of these names, in a period. */
export interface EventsSearch {
  readonly event?: readonly string[] | undefined;
  readonly date_from?: string | undefined;
  readonly date_to?: string | undefined;
}

/** What a person did, newest first. */
export function usePersonEvents(project: number, person: number, search: EventsSearch) {
  return useInfiniteQuery({
    queryKey: [...key(project), person, "events", search],
    queryFn: ({ pageParam, signal }) => api.get<List<PersonEvent>>(path(project, `/${person}/events`), { search: { ...search, limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

export function usePersonSessions(project: number, person: number) {
  return useInfiniteQuery({
    queryKey: [...key(project), person, "sessions"],
    queryFn: ({ pageParam, signal }) => api.get<List<PersonSession>>(path(project, `/${person}/sessions`), { search: { limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

/** Who is one person: `splits` takes an id out, `merges` brings one in. Answers with the person that the id belongs to then. */
export function useChangeIdentity(project: number, person: number, deed: "splits" | "merges") {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (distinct_id: string) => api.post<{ person: number }>(path(project, `/${person}/${deed}`), { distinct_id }),
    // Every number of the project may be another now.
    onSuccess: () => client.invalidateQueries({ queryKey: ["project", project] }),
  });
}

export interface Group {
  readonly type: string;
  readonly key: string;
  readonly created_at: string | null;
  readonly properties: Readonly<Record<string, PropertyValue>>;
}

export interface GroupFacts extends Group {
  readonly first_seen: string | null;
  readonly last_seen: string | null;
  readonly events: number;
  readonly people: number;
}

const groupsPath = (project: number, rest = "") => `/api/v1/projects/${project}/groups${rest}`;

export function useGroups(project: number, search: { type?: string | undefined; search?: string | undefined }) {
  return useInfiniteQuery({
    queryKey: ["project", project, "groups", "list", search],
    queryFn: ({ pageParam, signal }) => api.get<List<Group>>(groupsPath(project), { search: { ...search, limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

export function useGroup(project: number, type: string, groupKey: string) {
  return useQuery({
    queryKey: ["project", project, "groups", type, groupKey],
    queryFn: ({ signal }) => api.get<GroupFacts>(groupsPath(project, `/${encodeURIComponent(type)}/${encodeURIComponent(groupKey)}`), { signal }),
    placeholderData: undefined,
  });
}

/** A group by its name; a key may be any text. */
export interface GroupName {
  readonly type: string;
  readonly key: string;
}

/** Who did something in a group, last active first. */
export function useGroupPeople(project: number, { type, key }: GroupName, search: string) {
  return useInfiniteQuery({
    queryKey: ["project", project, "groups", type, key, "people", search],
    queryFn: ({ pageParam, signal }) => api.get<PersonPage>(groupsPath(project, "/people"), { search: { type, key, search, limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

/** What happened in a group, newest first. */
export function useGroupEvents(project: number, { type, key }: GroupName, search: EventsSearch) {
  return useInfiniteQuery({
    queryKey: ["project", project, "groups", type, key, "events", search],
    queryFn: ({ pageParam, signal }) => api.get<List<PersonEvent>>(groupsPath(project, "/events"), { search: { ...search, type, key, limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}
