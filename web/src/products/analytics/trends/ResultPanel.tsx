import { ChartArea, ChartColumn, ChartColumnStacked, ChartLine, Hash, Table2 } from "lucide-react";
import { useMemo } from "react";

import { Chart } from "@/charts/Chart";
import type { BucketRange } from "@/charts/spec";
import { useProject } from "@/app/project";
import { Button, Panel, panelState, SegmentedControl, Skeleton, Switch, type PanelState } from "@/design";

import { warningText, type Answer, type TrendsResult } from "../shared/answers";
import { ChartFootnote } from "../shared/ChartFootnote";
import { chosenInterval, zoomInto } from "../shared/periods";
import { useNow, useRefresh, useTrends } from "../shared/useReportQuery";
import { Legend } from "./Legend";
import { NumberView } from "./NumberView";
import { describeLetters, drawsBuckets, isComplete, planChart, planRows, planTrends, reportTitle, seriesName, seriesOf } from "./plan";
import type { ReportProps } from "./ReportBuilder";
import { ResultActions } from "./ResultActions";
import { ResultTable } from "./ResultTable";
import type { ChartType } from "./search";
import styles from "./Trends.module.css";

const CHART_HEIGHT = 340;

const CHART_TYPES: readonly { value: ChartType; label: React.ReactNode; title: string }[] = [
  { value: "line", label: <ChartLine size={16} />, title: "Line" },
  { value: "area", label: <ChartArea size={16} />, title: "Area" },
  { value: "bar", label: <ChartColumn size={16} />, title: "Bar" },
  { value: "stacked-bar", label: <ChartColumnStacked size={16} />, title: "Stacked bar" },
  { value: "number", label: <Hash size={16} />, title: "Number" },
  { value: "table", label: <Table2 size={16} />, title: "Table" },
];

/** The answer: as a picture, as a table, and as the query behind it. */
export function ResultPanel({ search, onChange }: ReportProps) {
  const request = planTrends(search, useProject().timezone, useNow());
  const askable = request.series.length > 0;
  const answer = useTrends(request, { enabled: askable });
  const data = askable ? answer.data : undefined;
  const refresh = useRefresh(request);
  const waiting = seriesOf(search).filter((one) => !isComplete(one));
  const notes = [...(data?.warnings ?? []).map(warningText), ...waiting.map((one) => `${seriesName(one)}: choose the property to count.`)];
  const controls = (
    <>
      <Switch label="Cumulative" checked={search.cumulative ?? false} onChange={(on) => onChange({ cumulative: on || undefined })} />
      <SegmentedControl label="Chart type" value={search.chart ?? "line"} options={CHART_TYPES} onChange={(chart) => onChange({ chart })} />
    </>
  );
  return (
    <div className={styles.results}>
      <Panel
        title={reportTitle(search)}
        description={search.formula && describeLetters(search)}
        actions={
          <>
            {search.chart === "table" && data && <ResultActions answer={data} request={request} search={search} />}
            {controls}
          </>
        }
        refreshing={askable && (answer.isPlaceholderData || refresh.isPending)}
        state={askable ? resultState(answer, notes, { search, onChange }) : UNASKED}
        footer={data && <ChartFootnote bare answer={data} refresh={refresh} dashed={data.result.incomplete_from != null && hasData(data) && drawsBuckets(search)} />}
      >
        {data && <Result answer={data} search={search} onChange={onChange} />}
      </Panel>
      {data && hasData(data) && search.chart !== "table" && (
        <Panel title="Table" flush actions={<ResultActions answer={data} request={request} search={search} />}>
          <ResultTable answer={data} search={search} onChange={onChange} />
        </Panel>
      )}
    </div>
  );
}

const UNASKED: PanelState = { kind: "empty", why: "not-set-up", title: "Choose a property to count", text: "Sums, averages and percentiles are taken of a property." };

function hasData(answer: Answer<TrendsResult>): boolean {
  return answer.result.series.some((series) => series.data.some((value) => value !== null && value !== 0));
}

function resultState(answer: ReturnType<typeof useTrends>, warnings: string[], { search, onChange }: ReportProps): PanelState {
  const filtered = (search.filters?.length ?? 0) > 0;
  const clear = <Button onClick={() => onChange({ filters: undefined })}>Clear filters</Button>;
  const empty = {
    kind: "empty",
    why: "no-match",
    title: "No events match",
    text: filtered ? "The filters may be what leaves nothing." : "Nothing was counted in this period. Choose a longer one or another event.",
    action: filtered ? clear : undefined,
  } as const;
  return panelState(answer, { skeleton: <Skeleton height={CHART_HEIGHT} />, empty: answer.data && !hasData(answer.data) && empty, warnings });
}

interface ResultProps extends ReportProps {
  readonly answer: Answer<TrendsResult>;
}

function Result({ answer, search, onChange }: ResultProps) {
  const { result } = answer;
  const rows = useMemo(() => planRows(result, search), [result, search]);
  const hidden = useMemo(() => new Set(search.hidden), [search.hidden]);
  const spec = useMemo(() => planChart(result, rows.filter((row) => !hidden.has(row.name)), search), [result, rows, hidden, search]);
  if (search.chart === "number") return <NumberView rows={rows} search={search} incompleteFrom={spec.incompleteFrom} />;
  if (search.chart === "table") return <ResultTable answer={answer} search={search} onChange={onChange} />;
  const zoom = ({ first, last }: BucketRange) => onChange(zoomInto(result.labels, first, last, chosenInterval(search)));
  return (
    <>
      <Chart spec={spec} height={CHART_HEIGHT} onZoom={result.labels.length > 2 ? zoom : undefined} />
      {(rows.length > 1 || search.breakdown) && <Legend rows={rows} hidden={hidden} onChange={(names) => onChange({ hidden: names })} />}
    </>
  );
}
