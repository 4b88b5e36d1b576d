import { Table, type TableColumn } from "@/design";
import { formatNumber } from "@/lib/numbers";
import { seriesVariable } from "@/charts/theme";

import styles from "../insight/Insight.module.css";
import { PeopleNumber } from "../insight/PeopleNumber";
import type { FunnelStep } from "./answers";
import type { OpenStep } from "./FunnelBars";
import type { FunnelLine } from "./plan";

interface StepsTableProps {
  readonly lines: readonly FunnelLine[];
  readonly onOpen: OpenStep;
}

/** The same numbers as the bars; of a breakdown, a line a value. */
export function StepsTable({ lines, onOpen }: StepsTableProps) {
  const [first] = lines;
  if (!first) return null;
  if (first.breakdown) return <BreakdownTable lines={lines} onOpen={onOpen} />;
  const columns: TableColumn<readonly [FunnelStep, number]>[] = [
    { key: "step", header: "Step", cell: ([step, index]) => `${index + 1}. ${step.name}` },
    { key: "count", header: "Reached", numeric: true, cell: ([step, index]) => <PeopleNumber value={step.count} of={`reached ${step.name}`} onOpen={() => onOpen(first, index, "converted")} /> },
    { key: "first", header: "Of first", numeric: true, cell: ([step]) => formatNumber(step.conversion_from_first, "percent") },
    { key: "previous", header: "Of previous", numeric: true, cell: ([step, index]) => (index === 0 ? "–" : formatNumber(step.conversion_from_previous, "percent")) },
    { key: "lost", header: "Left", numeric: true, cell: ([step, index]) => (index === 0 ? "–" : <PeopleNumber value={step.drop_off} of={`left before ${step.name}`} onOpen={() => onOpen(first, index, "dropped")} />) },
    { key: "median", header: "Median time", numeric: true, cell: ([step]) => formatNumber(step.median_seconds, "seconds") },
    { key: "mean", header: "Average time", numeric: true, cell: ([step]) => formatNumber(step.mean_seconds, "seconds") },
  ];
  const rows = first.steps.map((step, index) => [step, index] as const);
  return (
    <div className={styles.table}>
      <Table caption="Steps of the funnel" columns={columns} rows={rows} rowKey={(_, index) => String(index)} />
    </div>
  );
}

function BreakdownTable({ lines, onOpen }: StepsTableProps) {
  const steps = lines[0]?.steps ?? [];
  const columns: TableColumn<FunnelLine>[] = [
    {
      key: "name",
      header: "Value",
      cell: (line) => (
        <span className={styles.named}>
          <span className={styles.swatch} style={{ background: seriesVariable(line.colour) }} />
          {line.name}
        </span>
      ),
    },
    ...steps.map<TableColumn<FunnelLine>>((step, index) => ({
      key: String(index),
      header: `${index + 1}. ${step.name}`,
      numeric: true,
      cell: (line) => <PeopleNumber value={line.steps[index]?.count} of={`${line.name} reached ${step.name}`} onOpen={() => onOpen(line, index, "converted")} />,
    })),
    { key: "rate", header: "Converted", numeric: true, cell: (line) => <strong>{formatNumber(line.steps[line.steps.length - 1]?.conversion_from_first, "percent")}</strong> },
  ];
  return (
    <div className={styles.table}>
      <Table caption="Steps of the funnel by value" columns={columns} rows={lines} rowKey={(line) => line.name} />
    </div>
  );
}
