import { Link } from "@tanstack/react-router";

import { Table, type TableColumn } from "@/design";
import { formatNumber } from "@/lib/numbers";

import styles from "../insight/Insight.module.css";
import { PeopleNumber } from "../insight/PeopleNumber";
import { Name, SeriesName } from "../insight/SeriesName";
import type { FunnelStep } from "./answers";
import type { OpenStep } from "./FunnelBars";
import type { FunnelLine } from "./plan";
import { pathsOf } from "./rules";
import type { FunnelSearch } from "./search";

interface StepsTableProps {
  readonly search: FunnelSearch;
  readonly lines: readonly FunnelLine[];
  readonly onOpen: OpenStep;
}

/** The same numbers as the bars; of a breakdown, a line a value. */
export function StepsTable({ search, lines, onOpen }: StepsTableProps) {
  const [first] = lines;
  if (!first) return null;
  if (first.breakdown) return <BreakdownTable search={search} lines={lines} onOpen={onOpen} />;
  const all: TableColumn<readonly [FunnelStep, number]>[] = [
    { key: "step", header: "Step", cell: ([step, index]) => <Name>{`${index + 1}. ${step.name}`}</Name> },
    { key: "count", header: "Reached", numeric: true, cell: ([step, index]) => <PeopleNumber value={step.count} of={`reached ${step.name}`} onOpen={() => onOpen(first, index, "converted")} /> },
    { key: "first", header: "Of first", numeric: true, cell: ([step]) => formatNumber(step.conversion_from_first, "percent") },
    { key: "previous", header: "Of previous", numeric: true, cell: ([step, index]) => (index === 0 ? "–" : formatNumber(step.conversion_from_previous, "percent")) },
    { key: "lost", header: "Left", numeric: true, cell: ([step, index]) => (index === 0 ? "–" : <PeopleNumber value={step.drop_off} of={`left before ${step.name}`} onOpen={() => onOpen(first, index, "dropped")} />) },
    { key: "median", header: "Median time", numeric: true, cell: ([step]) => formatNumber(step.median_seconds, "seconds") },
    { key: "mean", header: "Average time", numeric: true, cell: ([step]) => formatNumber(step.mean_seconds, "seconds") },
    { key: "paths", header: "Paths", cell: ([step, index]) => <PathsLinks search={search} step={step} index={index} /> },
  ];
  const columns = all.filter(({ key }) => key !== "paths" || isOfPeople(search));
  const rows = first.steps.map((step, index) => [step, index] as const);
  return (
    <div className={styles.table}>
      <Table caption="Steps of the funnel" columns={columns} rows={rows} rowKey={(_, index) => String(index)} />
    </div>
  );
}

/** Paths are those of people; what sessions or groups go through is not theirs. */
function isOfPeople({ aggregate_by }: FunnelSearch): boolean {
  return aggregate_by === undefined || aggregate_by === "person";
}

interface PathsLinksProps {
  readonly search: FunnelSearch;
  readonly step: FunnelStep;
  readonly index: number;
}

/** To what people do on the way to the step, and to what those do who leave before it. */
function PathsLinks({ search, step, index }: PathsLinksProps) {
  if (index === 0) return <PathsLink search={pathsOf(search, 0, "converted")} name="After it" of={step.name} />;
  return (
    <span className={styles.links}>
      <PathsLink search={pathsOf(search, index, "converted")} name="To it" of={step.name} />
      <PathsLink search={pathsOf(search, index, "dropped")} name="Instead" of={step.name} />
    </span>
  );
}

function PathsLink({ search, name, of }: { readonly search: Record<string, unknown>; readonly name: string; readonly of: string }) {
  return (
    <Link to="/paths" search={search as never} aria-label={`${name}, ${of}: show paths`}>
      {name}
    </Link>
  );
}

function BreakdownTable({ lines, onOpen }: StepsTableProps) {
  const steps = lines[0]?.steps ?? [];
  const columns: TableColumn<FunnelLine>[] = [
    {
      key: "name",
      header: "Value",
      cell: (line) => <SeriesName name={line.name} colour={line.colour} />,
    },
    ...steps.map<TableColumn<FunnelLine>>((step, index) => ({
      key: String(index),
      header: <Name>{`${index + 1}. ${step.name}`}</Name>,
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
