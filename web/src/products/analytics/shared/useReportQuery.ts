import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { api } from "@/api";
import { useProject } from "@/app/project";

import type { Answer, QueryRequest, TopEvent, TopEventsRequest, TrendsRequest, TrendsResult } from "./answers";
import { planAllFilters } from "./filters";

interface Options {
  readonly enabled?: boolean;
  readonly refetchInterval?: number | false;
}

/** Asks a trends question; while a new answer is on its way the old one stays. */
export function useTrends(request: TrendsRequest, options: Options = {}) {
  return useAnswer<TrendsResult>(request, options);
}

export function useTopEvents(request: TopEventsRequest, options: Options = {}) {
  return useAnswer<TopEvent[]>(request, options);
}

/** Asks a question of any kind. */
export function useAnswer<Result>(request: QueryRequest, { enabled = true, refetchInterval = false }: Options = {}) {
  const project = useProject();
  return useQuery({
    queryKey: answerKey(project.id, request),
    queryFn: ({ signal }) => ask<Result>(project.id, request, signal),
    placeholderData: keepPreviousData,
    enabled,
    refetchInterval,
  });
}

function answerKey(project: number, request: QueryRequest) {
  return ["project", project, "query", request] as const;
}

/** Asks again past the server's cache, and puts the answer where the page reads it. */
export function useRefresh(request: QueryRequest) {
  const project = useProject();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask(project.id, { ...request, refresh: true }),
    onSuccess: (answer) => client.setQueryData(answerKey(project.id, request), answer),
  });
}

/** One answer, asked for once: for "show SQL" and for a refresh past the cache. */
export function ask<Result>(project: number, request: QueryRequest, signal?: AbortSignal): Promise<Answer<Result>> {
  return api.post<Answer<Result>>(`/api/v1/projects/${project}/query`, planAllFilters(request), { signal });
}

const MINUTE = 60_000;

/** The present, a minute coarse, so that a page's questions do not change with every render. */
export function useNow(): Date {
  const [now, setNow] = useState(() => floorMinute(Date.now()));
  useEffect(() => {
    const timer = setInterval(() => setNow(floorMinute(Date.now())), MINUTE);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function floorMinute(time: number): Date {
  return new Date(Math.floor(time / MINUTE) * MINUTE);
}
