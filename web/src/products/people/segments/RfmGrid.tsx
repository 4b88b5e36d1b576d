import type { Rfm, RfmCell } from "@/api/segments";
import { formatCompact } from "@/lib/numbers";

import styles from "./Segments.module.css";

const SCORES = [1, 2, 3, 4, 5] as const;

interface RfmGridProps {
  readonly rfm: Rfm;
  /** The named segment that somebody points at. */
  readonly marked: string | null;
  readonly onPick: (cell: RfmCell) => void;
}

/** Recency downwards from the latest, frequency to the right; the deeper the colour, the more people. */
export function RfmGrid({ rfm, marked, onPick }: RfmGridProps) {
  const most = Math.max(1, ...rfm.cells.map((cell) => cell.people));
  const names = new Map(rfm.segments.map(({ key, name }) => [key, name]));
  const rows = [...SCORES].reverse();
  return (
    <div className={styles.gridFrame}>
      <table className={styles.grid}>
        <caption className="visually-hidden">People by recency and frequency</caption>
        <thead>
          <tr>
            <td aria-hidden="true" />
            {SCORES.map((frequency) => (
              <th key={frequency} scope="col">
                <span className={styles.axis}>F</span>
                {frequency}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((recency) => (
            <tr key={recency}>
              <th scope="row">
                <span className={styles.axis}>R</span>
                {recency}
              </th>
              {SCORES.map((frequency) => {
                const cell = rfm.cells.find((one) => one.recency === recency && one.frequency === frequency);
                return <td key={frequency}>{cell && <Cell cell={cell} name={names.get(cell.segment) ?? cell.segment} depth={cell.people / most} dimmed={marked !== null && marked !== cell.segment} onPick={onPick} />}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.axes}>Down: how lately, latest on top. To the right: how often.</p>
    </div>
  );
}

interface CellProps {
  readonly cell: RfmCell;
  readonly name: string;
  /** Its people against those of the fullest cell, from 0 to 1. */
  readonly depth: number;
  readonly dimmed: boolean;
  readonly onPick: (cell: RfmCell) => void;
}

function Cell({ cell, name, depth, dimmed, onPick }: CellProps) {
  const inside = (
    <>
      <span className={styles.shade} style={{ opacity: Math.sqrt(depth) }} aria-hidden="true" />
      <span className={styles.count}>{formatCompact(cell.people)}</span>
      <span className={styles.cellName}>{name}</span>
    </>
  );
  const shared = { className: styles.cell, "data-dimmed": dimmed || undefined, title: name } as const;
  if (cell.people === 0) return <div {...shared}>{inside}</div>;
  return (
    <button type="button" {...shared} onClick={() => onPick(cell)}>
      {inside}
      <span className="visually-hidden">: show people</span>
    </button>
  );
}
