import { MessageSquarePlus } from "lucide-react";
import { use, type ReactNode } from "react";

import { ChartNotes } from "@/charts/notes";
import { Button, Panel, panelState, Skeleton, type PanelState } from "@/design";

import { warningText } from "../shared/answers";
import { ChartFootnote } from "../shared/ChartFootnote";
import { CsvButton, ResultActions, type CsvTable } from "./ResultActions";
import type { InsightSearch } from "./search";
import type { InsightReport } from "./useInsightReport";

interface ResultFrameProps<State extends InsightSearch> {
  readonly report: InsightReport<State, unknown>;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** Buttons that change how the answer is shown. */
  readonly controls?: ReactNode;
  /** There is an answer and it has something in it. */
  readonly hasData: boolean;
  /** What to choose first, while not everything is chosen. */
  readonly missing?: { readonly title: string; readonly text: string };
  /** More to say than the server's own warnings. */
  readonly notes?: readonly string[];
  /** The newest bucket is drawn dashed. */
  readonly isDashed?: boolean;
  /** The picture is the table itself, so that there is no second. */
  readonly table?: ReactNode;
  /** Starts of the buckets of a chart over time, to which notes can be added. */
  readonly buckets?: readonly string[] | undefined;
  readonly csv: CsvTable;
  readonly height?: number;
  readonly isFlush?: boolean;
  readonly children: ReactNode;
}

const HEIGHT = 340;

/** The answer as a picture and as a table, with its definition, its warnings, and the ways to take it elsewhere. */
export function ResultFrame<State extends InsightSearch>(props: ResultFrameProps<State>) {
  const { report, title, description, controls, hasData, table, csv, isDashed = false } = props;
  const answer = report.isAsked ? report.answer : undefined;
  const data = answer?.data;
  const actions = data && hasData ? <ResultActions request={report.request} files={<CsvButton name={report.request.kind} csv={csv} />} /> : null;
  return (
    <>
      <Panel
        title={title}
        description={description}
        actions={
          <>
            <AddNote buckets={data && hasData ? props.buckets : undefined} />
            {!table && actions}
            {controls}
          </>
        }
        flush={props.isFlush && hasData}
        refreshing={Boolean(answer?.isPlaceholderData) || report.refresh.isPending}
        state={stateOf(props)}
        footer={data && <ChartFootnote bare answer={data} refresh={report.refresh} dashed={isDashed} />}
      >
        {data && props.children}
      </Panel>
      {table && data && hasData && !answer?.isError && (
        <Panel title="Table" flush actions={actions}>
          {table}
        </Panel>
      )}
    </>
  );
}

/** A note at the newest bucket, unless another day is chosen; the chart itself takes notes for any. */
function AddNote({ buckets }: { readonly buckets: readonly string[] | undefined }) {
  const { deeds } = use(ChartNotes);
  const newest = buckets?.at(-1);
  if (!deeds || newest === undefined) return null;
  return (
    <Button variant="ghost" icon={<MessageSquarePlus size={16} />} onClick={() => deeds.onAdd(newest.slice(0, 10))}>
      Add note
    </Button>
  );
}

function stateOf<State extends InsightSearch>({ report, hasData, missing, notes = [], height = HEIGHT }: ResultFrameProps<State>): PanelState {
  const { answer, state, change, isAsked } = report;
  if (!isAsked && missing && !report.saved.insight) return { kind: "empty", why: "not-set-up", ...missing };
  const clear = <Button onClick={() => change({ filters: undefined } as Partial<State>)}>Clear filters</Button>;
  const filtered = (state.filters?.length ?? 0) > 0;
  const empty = {
    kind: "empty",
    why: "no-match",
    title: "No events match",
    text: [filtered ? "The filters may be what leaves nothing." : "Nothing was counted in this period. Choose a longer one or another event.", ...serverWarnings(report)].join(" "),
    action: filtered ? clear : undefined,
  } as const;
  return panelState(answer, { skeleton: <Skeleton height={height} />, empty: answer.data && !hasData && empty, warnings: [...serverWarnings(report), ...notes] });
}

function serverWarnings<State extends InsightSearch>(report: InsightReport<State, unknown>): string[] {
  return (report.answer.data?.warnings ?? []).map(warningText);
}
