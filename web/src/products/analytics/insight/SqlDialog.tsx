import { useQuery } from "@tanstack/react-query";

import { useProject } from "@/app/project";
import { CodeBlock, Dialog, ErrorState, SkeletonRows } from "@/design";

import type { QueryRequest } from "../shared/answers";
import { ask } from "../shared/useReportQuery";
import { formatSql } from "./formatSql";

interface SqlDialogProps {
  readonly request: QueryRequest;
  readonly onClose: () => void;
}

/** The query behind a report, so that anybody can check what a number counts. */
export function SqlDialog({ request, onClose }: SqlDialogProps) {
  const project = useProject();
  const answer = useQuery({
    queryKey: ["project", project.id, "explain", request],
    queryFn: ({ signal }) => ask(project.id, { ...request, explain: true }, signal),
  });
  return (
    <Dialog wide open onOpenChange={(open) => !open && onClose()} title="SQL of this report" description="What runs in the event store, narrowed to this project.">
      {answer.isPending && <SkeletonRows />}
      {answer.isError && <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.data && <CodeBlock code={answer.data.sql ? formatSql(answer.data.sql) : "The server gave no SQL for this report."} label="SQL" wrap />}
    </Dialog>
  );
}
