import { useQueries } from "@tanstack/react-query";

import { useProject } from "@/app/project";

import { ask } from "../shared/useReportQuery";
import type { SqlColumn, SqlResult } from "./kind";

const TABLES = ["events", "persons", "sessions", "groups", "distinct_ids"] as const;

export interface SqlTable {
  readonly name: string;
  readonly columns: readonly SqlColumn[];
}

const HOUR = 3_600_000;

/** Tables with their columns, as the server itself describes them: by what an empty answer has. */
export function useSchema(): readonly SqlTable[] {
  const project = useProject();
  const found = useQueries({
    queries: TABLES.map((name) => ({
      queryKey: ["project", project.id, "sql-table", name],
      queryFn: ({ signal }: { signal: AbortSignal }) => ask<SqlResult>(project.id, { kind: "sql", sql: `SELECT * FROM ${name} LIMIT 0` } as never, signal),
      staleTime: HOUR,
      retry: false,
    })),
  });
  return TABLES.map((name, index) => ({ name, columns: found[index]?.data?.result.columns ?? [] }));
}
