import { useQuery } from "@tanstack/react-query";

import { api } from "./client";
import type { List, LiveEvent } from "./types";

export interface EventsSearch {
  limit?: number;
  cursor?: string;
  event?: string;
  distinct_id?: string;
  /** Only what arrived after this time. */
  after?: string;
}

interface PollOptions {
  /** Milliseconds between questions; false asks once. */
  refetchInterval?: number | false;
  enabled?: boolean;
}

/** The newest events first. */
export function useEvents(project: number, search: EventsSearch, { refetchInterval = false, enabled = true }: PollOptions = {}) {
  return useQuery({
    queryKey: ["project", project, "events", search],
    queryFn: ({ signal }) => fetchEvents(project, search, signal),
    refetchInterval,
    enabled,
  });
}

export function fetchEvents(project: number, search: EventsSearch, signal?: AbortSignal) {
  return api.get<List<LiveEvent>>(`/api/v1/projects/${project}/events`, { search: { ...search }, signal });
}

const SEEN_KEY = "northing.seen-events";
const POLL_MS = 2_000;

/** Whether the project has any event at all; asks every two seconds until it has, and never again after. */
export function useFirstEvent(project: number) {
  return useQuery({
    queryKey: ["project", project, "first-event"],
    queryFn: async ({ signal }) => {
      const { items } = await fetchEvents(project, { limit: 1 }, signal);
      if (items.length > 0) rememberSeen(project);
      return items[0] ?? null;
    },
    placeholderData: undefined,
    staleTime: 0,
    refetchInterval: (query) => (query.state.data ? false : POLL_MS),
  });
}

/** Known from an earlier visit, so that pages need not wait for the answer. */
export function hasSeenEvents(project: number): boolean {
  try {
    return (localStorage.getItem(SEEN_KEY) ?? "").split(",").includes(String(project));
  } catch {
    return false;
  }
}

function rememberSeen(project: number) {
  if (hasSeenEvents(project)) return;
  try {
    localStorage.setItem(SEEN_KEY, [localStorage.getItem(SEEN_KEY), project].filter(Boolean).join(","));
  } catch {
    // storage may be blocked; then we ask again next time
  }
}
