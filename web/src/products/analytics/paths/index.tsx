import { Panel, Table, type TableColumn } from "@/design";
import { formatNumber } from "@/lib/numbers";

import { InsightPage } from "../insight/InsightPage";
import insightStyles from "../insight/Insight.module.css";
import { PeopleNumber } from "../insight/PeopleNumber";
import { ResultFrame } from "../insight/ResultFrame";
import { Name } from "../insight/SeriesName";
import { useInsightReport, type InsightReport } from "../insight/useInsightReport";
import { PATHS } from "./kind";
import styles from "./Paths.module.css";
import { PathsBuilder } from "./PathsBuilder";
import { edgeLines, nameOfKey, nodeName, pathsTitle, stepOfKey, type PathEdge, type PathNode, type PathsResult } from "./plan";
import { Sankey } from "./Sankey";
import type { PathsSearch } from "./search";

/** What people do one after another. */
export default function PathsPage() {
  const report = useInsightReport<PathsSearch, PathsResult>(PATHS);
  return (
    <InsightPage report={report} builder={<PathsBuilder search={report.state} onChange={report.change} />}>
      <Results report={report} />
    </InsightPage>
  );
}

interface ResultsProps {
  readonly report: InsightReport<PathsSearch, PathsResult>;
}

function Results({ report }: ResultsProps) {
  const result = report.answer.data?.result;
  const hasData = (result?.edges.length ?? 0) > 0;
  const openEdge = ({ source, target }: PathEdge) => report.showPeople(`${nameOfKey(source)} → ${nameOfKey(target)}`, { source, target });
  const openNode = ({ id, name, step }: PathNode) => report.showPeople(`${nodeName(name)} at step ${step}`, { node: id });
  return (
    <>
      <ResultFrame
        report={report}
        title={pathsTitle(report.state)}
        hasData={hasData}
        height={420}
        table={result && <EdgeTable edges={result.edges} onOpen={openEdge} />}
        csv={() => (result ? edgeLines(result) : [])}
      >
        {result && hasData && (
          <>
            <Sankey result={result} onNode={openNode} onEdge={openEdge} />
            <p className={styles.key}>
              <span>
                <span className={styles.sample} data-kind="on" aria-hidden="true" />
                Paths through a step
              </span>
              <span>
                <span className={styles.sample} data-kind="ended" aria-hidden="true" />
                Paths that end there
              </span>
            </p>
          </>
        )}
      </ResultFrame>
      {result && hasData && result.common.length > 0 && <CommonPaths result={result} />}
    </>
  );
}

function EdgeTable({ edges, onOpen }: { readonly edges: readonly PathEdge[]; readonly onOpen: (edge: PathEdge) => void }) {
  const columns: TableColumn<PathEdge>[] = [
    { key: "source", header: "From", cell: (edge) => <Name>{nameOfKey(edge.source)}</Name> },
    { key: "step", header: "Step", numeric: true, wideOnly: true, cell: (edge) => stepOfKey(edge.source) },
    { key: "target", header: "To", cell: (edge) => <Name>{nameOfKey(edge.target)}</Name> },
    { key: "value", header: "Paths", numeric: true, cell: (edge) => <PeopleNumber value={edge.value} of={`${nameOfKey(edge.source)} to ${nameOfKey(edge.target)}`} onOpen={() => onOpen(edge)} /> },
    { key: "time", header: "Average time", numeric: true, wideOnly: true, cell: (edge) => formatNumber(edge.average_seconds, "seconds") },
  ];
  return (
    <div className={insightStyles.table}>
      <Table caption="Ways from step to step" columns={columns} rows={edges} rowKey={(edge) => `${edge.source} ${edge.target}`} maxHeight={480} />
    </div>
  );
}

function CommonPaths({ result }: { readonly result: PathsResult }) {
  const columns: TableColumn<PathsResult["common"][number]>[] = [
    { key: "path", header: "Path", cell: (one) => <span className={styles.way}>{one.path.map((name, index) => <span key={index}>{nodeName(name)}</span>)}</span> },
    { key: "value", header: "Times", numeric: true, cell: (one) => formatNumber(one.value) },
  ];
  return (
    <Panel title="Most frequent whole paths" flush>
      <Table caption="Whole paths by how often they were walked" columns={columns} rows={result.common} rowKey={(one) => one.path.join(" ")} />
    </Panel>
  );
}
