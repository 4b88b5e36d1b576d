import type { ReactNode } from "react";

import { formatCompact, formatNumber } from "@/lib/numbers";

import styles from "./BarList.module.css";
import type { Unit } from "./spec";

export interface BarRow {
  readonly key: string;
  readonly label: ReactNode;
  /** The label as plain text, for the row's accessible name. */
  readonly text: string;
  readonly value: number;
  readonly icon?: ReactNode;
}

interface BarListProps {
  readonly rows: readonly BarRow[];
  /** What a share is a share of; without it the longest bar is full and no share is shown. */
  readonly whole?: number | undefined;
  readonly unit?: Unit;
  readonly noun: string;
  readonly valueName: string;
  readonly onPick?: ((row: BarRow) => void) | undefined;
}

/** Rows with a pale bar behind the text. A row is a filter: picking it narrows the page to it. */
export function BarList({ rows, whole, unit = "count", noun, valueName, onPick }: BarListProps) {
  const longest = Math.max(0, ...rows.map((row) => row.value));
  return (
    <div className={styles.list}>
      <div className={styles.head}>
        <span>{noun}</span>
        <span>{valueName}</span>
      </div>
      <ul>
        {rows.map((row) => (
          <li key={row.key}>
            <Row row={row} share={share(row.value, longest)} whole={whole} unit={unit} onPick={onPick} />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface RowProps {
  readonly row: BarRow;
  readonly share: number;
  readonly whole: number | undefined;
  readonly unit: Unit;
  readonly onPick: ((row: BarRow) => void) | undefined;
}

function Row({ row, share: width, whole, unit, onPick }: RowProps) {
  const inside = (
    <>
      <span className={styles.bar} style={{ width: `${width * 100}%` }} />
      {row.icon}
      <span className={styles.label} title={row.text}>
        {row.label}
      </span>
      {whole !== undefined && whole > 0 && (
        <span className={styles.share}>{formatNumber(Math.round((row.value / whole) * 1000) / 10, "percent")}</span>
      )}
      <span className={styles.value} title={formatNumber(row.value, unit)}>
        {formatCompact(row.value, unit)}
      </span>
    </>
  );
  if (!onPick) return <div className={styles.row}>{inside}</div>;
  return (
    <button type="button" className={styles.row} onClick={() => onPick(row)}>
      {inside}
      <span className="visually-hidden">Filter by it</span>
    </button>
  );
}

/** How long a bar is, 0 to 1. A value that is there is always seen, if only as a sliver. */
export function share(value: number, longest: number): number {
  if (longest <= 0 || value <= 0) return 0;
  return Math.max(0.005, Math.min(1, value / longest));
}
