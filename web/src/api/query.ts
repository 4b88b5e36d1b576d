import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { api } from "./client";
import type { Query, QueryAnswer } from "./types";

interface QueryHookOptions {
  enabled?: boolean;
  refetchInterval?: number | false;
}

/** Runs a product query; leaving the page cancels it on the server too. The definition is the key. */
export function useProductQuery<Q extends Query>(project: number, query: Q, { enabled = true, refetchInterval = false }: QueryHookOptions = {}): UseQueryResult<QueryAnswer<Q["kind"]>> {
  return useQuery({
    queryKey: ["project", project, "query", query],
    queryFn: ({ signal }) => runQuery(project, query, signal),
    enabled,
    refetchInterval,
  });
}

export function runQuery<Q extends Query>(project: number, query: Q, signal?: AbortSignal): Promise<QueryAnswer<Q["kind"]>> {
  return api.post<QueryAnswer<Q["kind"]>>(`/api/v1/projects/${project}/query`, query, { signal });
}
