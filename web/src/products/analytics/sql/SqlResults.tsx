import { UsersRound } from "lucide-react";
import { useState } from "react";

import { Button, EmptyState, Panel, panelState, Table, type TableColumn } from "@/design";
import { formatNumber } from "@/lib/numbers";

import { ResultActions } from "../insight/ResultActions";
import type { InsightReport } from "../insight/useInsightReport";
import { warningText } from "../shared/answers";
import { ChartFootnote } from "../shared/ChartFootnote";
import { FileButtons } from "./FileButtons";
import { cellText, isNumeric, namesPeople, type SqlResult } from "./kind";
import type { SqlSearch } from "./search";
import styles from "./Sql.module.css";

interface SqlResultsProps {
  readonly report: InsightReport<SqlSearch, SqlResult>;
}

/** The rows of the statement that was run last. */
export function SqlResults({ report }: SqlResultsProps) {
  const { answer, isAsked, refresh, request, showPeople, state: asked } = report;
  if (!isAsked) {
    return (
      <Panel title="Result">
        <EmptyState kind="not-set-up" title="Write a statement and run it">
          Tables and columns are listed beside; pick one to start with.
        </EmptyState>
      </Panel>
    );
  }
  const data = answer.data;
  const failed = refresh.error ?? (answer.isError ? answer.error : null);
  const empty = { kind: "empty", why: "no-match", title: "No rows", text: "The statement ran and found nothing." } as const;
  const state = failed ? ({ kind: "error", error: failed } as const) : panelState(answer, { empty: data?.result.rows.length === 0 && empty, warnings: (data?.warnings ?? []).map(warningText) });
  return (
    <Panel
      title="Result"
      description={data && !failed ? `${formatNumber(data.result.rows.length)} ${data.result.rows.length === 1 ? "row" : "rows"}` : undefined}
      flush={state.kind === "ready"}
      refreshing={answer.isPlaceholderData || refresh.isPending}
      state={state}
      actions={
        data &&
        !failed && (
          <>
            {namesPeople(data.result) && (
              <Button variant="ghost" icon={<UsersRound size={16} />} onClick={() => showPeople("People in these rows", {})}>
                People
              </Button>
            )}
            <ResultActions request={request} files={<FileButtons sql={asked.sql ?? ""} />} />
          </>
        )
      }
      footer={data && !failed && <ChartFootnote bare answer={data} refresh={refresh} dashed={false} />}
    >
      {data && <Rows key={data.result.columns.map((column) => column.name).join()} result={data.result} />}
    </Panel>
  );
}

const SHOWN_AT_ONCE = 200;

function Rows({ result }: { readonly result: SqlResult }) {
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const columns = result.columns.map<TableColumn<readonly unknown[]>>((column, index) => ({
    key: `${index}${column.name}`,
    header: <span title={column.type}>{column.name}</span>,
    numeric: isNumeric(column.type),
    cell: (row) => <CellValue value={row[index]} />,
  }));
  return (
    <div className={styles.rows}>
      <Table caption="Rows of the result" columns={columns} rows={result.rows.slice(0, shown)} rowKey={(_, index) => String(index)} maxHeight={520} />
      {result.rows.length > shown && (
        <div className={styles.more}>
          <Button onClick={() => setShown(shown + 5 * SHOWN_AT_ONCE)}>Show more rows</Button>
        </div>
      )}
    </div>
  );
}

function CellValue({ value }: { readonly value: unknown }) {
  if (value === null || value === undefined) return <span className={styles.null}>NULL</span>;
  const text = cellText(value);
  return (
    <span className={styles.cell} title={text.length > 40 ? text : undefined}>
      {text}
    </span>
  );
}
