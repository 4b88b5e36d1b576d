import { Play } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import { Button, Kbd, Notice, Page, Panel, Select, Skeleton } from "@/design";

import { PeopleDialog } from "../insight/PeopleDialog";
import { SaveBar } from "../insight/SaveBar";
import { useInsightReport, type InsightReport } from "../insight/useInsightReport";
import { NothingYet, useIsEmpty } from "../shared/NothingYet";
import { SQL, type SqlResult } from "./kind";
import { SavedQueries, SchemaPanel } from "./SidePanels";
import { useSchema } from "./schema";
import { DEFAULT_LIMIT, LIMITS, type SqlSearch } from "./search";
import { SqlResults } from "./SqlResults";
import styles from "./Sql.module.css";

const SqlEditor = lazy(() => import("./SqlEditor"));

/** A statement of one's own over the project's events, people and sessions. */
export default function SqlPage() {
  const report = useInsightReport<SqlSearch, SqlResult>(SQL);
  const { insight, error } = report.saved;
  const isEmpty = useIsEmpty();
  if (isEmpty) {
    return (
      <Page title={SQL.title}>
        <NothingYet />
      </Page>
    );
  }
  return (
    <Page title={insight?.name ?? SQL.title} description={insight ? `SQL${insight.description ? ` · ${insight.description}` : ""}` : undefined} actions={<SaveBar report={report} />}>
      {error !== null && <Notice>The saved query could not be opened: {error instanceof Error ? error.message : "the server did not say why."}</Notice>}
      <Workbench report={report} />
      {report.state.people && <PeopleDialog request={report.request} target={report.state.people} onClose={() => report.change({ people: undefined })} />}
    </Page>
  );
}

function Workbench({ report }: { readonly report: InsightReport<SqlSearch, SqlResult> }) {
  const { state, change } = report;
  const [draft, setDraft] = useState(state.sql ?? "");
  const [seen, setSeen] = useState(state.sql);
  // A saved query that has arrived, or a step back in the history, brings its own text.
  if (state.sql !== seen) {
    setSeen(state.sql);
    if (state.sql !== undefined) setDraft(state.sql);
  }
  const tables = useSchema();
  const run = () => {
    const sql = draft.trim();
    if (!sql) return;
    if (sql === state.sql?.trim()) report.refresh.mutate();
    else change({ sql: draft });
  };
  const insert = (word: string) => setDraft(draft.trim() ? `${draft.trimEnd()} ${word}` : `SELECT * FROM ${word} LIMIT 100`);
  return (
    <div className={styles.layout}>
      <div className={styles.main}>
        <Panel title="Statement" flush footer={<EditorFoot report={report} canRun={draft.trim() !== ""} onRun={run} />}>
          <Suspense fallback={<div className={styles.editor}><Skeleton height={220} /></div>}>
            <SqlEditor value={draft} onChange={setDraft} onRun={run} tables={tables} />
          </Suspense>
        </Panel>
        <SqlResults report={report} />
      </div>
      <aside className={styles.side} aria-label="Tables and saved queries">
        <SchemaPanel tables={tables} onPick={insert} />
        <SavedQueries open={state.insight} />
      </aside>
    </div>
  );
}

interface EditorFootProps {
  readonly report: InsightReport<SqlSearch, SqlResult>;
  readonly canRun: boolean;
  readonly onRun: () => void;
}

const LIMIT_OPTIONS = LIMITS.map((limit) => ({ value: String(limit), label: `${limit.toLocaleString("en-GB")} rows` }));

function EditorFoot({ report: { state, change, answer, refresh, isAsked }, canRun, onRun }: EditorFootProps) {
  return (
    <div className={styles.foot}>
      <Button variant="primary" icon={<Play size={14} />} busy={(isAsked && answer.isFetching) || refresh.isPending} disabled={!canRun} onClick={onRun}>
        Run
      </Button>
      <Kbd keys="mod+Enter" />
      <Select aria-label="At most" className={styles.limit} value={String(state.limit ?? DEFAULT_LIMIT)} options={LIMIT_OPTIONS} onChange={(limit) => change({ limit: LIMITS.find((one) => String(one) === limit) })} />
      <span className={styles.limits}>Reads this project only. Time, memory and rows read are limited by the server.</span>
    </div>
  );
}
