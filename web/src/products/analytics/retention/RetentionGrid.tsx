import type { CSSProperties } from "react";

import { formatNumber } from "@/lib/numbers";

import type { Cohort, Grid } from "./plan";
import { cohortName, describeGrid, rateOf, shadeOf, strongestRate } from "./plan";
import styles from "./Retention.module.css";
import type { RetentionPeriod } from "./search";

interface RetentionGridProps {
  readonly grid: Grid;
  readonly labels: readonly string[];
  readonly shows: "rates" | "people";
  readonly period: RetentionPeriod;
  readonly onOpen: (cohort: number, interval: number) => void;
}

/** A line a cohort, a column a period after it; the darker, the more came back. Broken edges mark what is not over. */
export function RetentionGrid({ grid, labels, shows, period, onOpen }: RetentionGridProps) {
  const strongest = strongestRate(grid);
  return (
    <div className={styles.scroll} role="region" aria-label={`Retention, ${grid.name}`} tabIndex={0}>
      <table className={styles.grid}>
        <caption className="visually-hidden">{describeGrid(grid, labels)}</caption>
        <thead>
          <tr>
            <th scope="col">Cohort</th>
            <th scope="col">People</th>
            {labels.map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <MeanRow grid={grid} labels={labels} strongest={strongest} />
          {grid.cohorts.map((cohort, index) => (
            <tr key={cohort.date}>
              <th scope="row">{cohortName(cohort, period)}</th>
              <td>{formatNumber(cohort.size)}</td>
              {labels.map((label, column) => (
                <Cell key={label} cohort={cohort} column={column} label={label} shade={shadeOf(column === 0 ? 0 : (cohort.rates[column] ?? 0), strongest)} shows={shows} onOpen={() => onOpen(index, column)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface MeanRowProps {
  readonly grid: Grid;
  readonly labels: readonly string[];
  readonly strongest: number;
}

function MeanRow({ grid, labels, strongest }: MeanRowProps) {
  return (
    <tr className={styles.mean}>
      <th scope="row">Average</th>
      <td />
      {labels.map((label, index) => (
        <td key={label} className={styles.cell} style={shading(index === 0 ? 0 : shadeOf(grid.mean[index] ?? 0, strongest))}>
          {grid.mean[index] == null ? "" : formatNumber(grid.mean[index], "percent")}
        </td>
      ))}
    </tr>
  );
}

interface CellProps {
  readonly cohort: Cohort;
  readonly column: number;
  readonly label: string;
  readonly shade: number;
  readonly shows: "rates" | "people";
  readonly onOpen: () => void;
}

function Cell({ cohort, column, label, shade, shows, onOpen }: CellProps) {
  const count = cohort.values[column];
  if (count === undefined) return <td className={styles.none} aria-label="Not yet" />;
  const open = cohort.incomplete_from != null && column >= cohort.incomplete_from;
  const rate = formatNumber(rateOf(cohort, column), "percent");
  const words = `${cohort.label}, ${label}: ${formatNumber(count)} of ${formatNumber(cohort.size)} (${rate})${open ? ", not over yet" : ""}`;
  const shown = shows === "rates" ? rate : formatNumber(count);
  return (
    <td className={styles.cell} style={shading(shade)} data-open={open || undefined}>
      {count > 0 ? (
        <button type="button" title={words} aria-label={`${shown}, ${words}: show people`} onClick={onOpen}>
          {shown}
        </button>
      ) : (
        <span title={words}>{shown}</span>
      )}
    </td>
  );
}

function shading(shade: number): CSSProperties {
  return { "--shade": `${shade}%` } as CSSProperties;
}
