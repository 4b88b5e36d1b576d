import { useQuery } from "@tanstack/react-query";

import { api } from "./client";
import type { Ledger } from "./types";

export interface Period {
  from?: string;
  to?: string;
}

export function useLedger(project: number, { from, to }: Period, refetchInterval = 10_000) {
  return useQuery({
    queryKey: ["project", project, "ledger", from, to],
    queryFn: ({ signal }) => api.get<Ledger>(`/api/v1/projects/${project}/ingest/ledger`, { search: { from, to }, signal }),
    refetchInterval,
  });
}
