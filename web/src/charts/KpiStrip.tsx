import { useRef, type KeyboardEvent } from "react";

import { formatCompact, formatNumber } from "@/lib/numbers";

import { Change } from "./Change";
import styles from "./KpiStrip.module.css";
import type { Direction } from "./Change";
import type { Unit } from "./spec";

export interface Kpi {
  readonly id: string;
  readonly label: string;
  readonly value: number | null;
  readonly previous?: number | null | undefined;
  readonly unit?: Unit;
  readonly direction: Direction;
  readonly definition: string;
}

interface KpiStripProps {
  readonly cells: readonly Kpi[];
  readonly selected: string;
  readonly onSelect: (id: string) => void;
  /** Id of the panel the tabs switch. */
  readonly controls: string;
  readonly refreshing?: boolean;
}

/** The figures of a page, and the tab bar of the chart below them. */
export function KpiStrip({ cells, selected, onSelect, controls, refreshing = false }: KpiStripProps) {
  const strip = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = neighbour(event.key, cells, selected);
    if (!next) return;
    event.preventDefault();
    onSelect(next);
    strip.current?.querySelector<HTMLElement>(`[data-kpi="${next}"]`)?.focus();
  };
  return (
    <div ref={strip} role="tablist" aria-label="Figures" className={styles.strip} data-refreshing={refreshing || undefined} onKeyDown={onKeyDown} tabIndex={-1}>
      {cells.map((cell) => (
        <button
          key={cell.id}
          type="button"
          role="tab"
          data-kpi={cell.id}
          aria-selected={cell.id === selected}
          aria-controls={controls}
          tabIndex={cell.id === selected ? 0 : -1}
          className={styles.cell}
          title={cell.definition}
          onClick={() => onSelect(cell.id)}
        >
          <Cell cell={cell} />
        </button>
      ))}
    </div>
  );
}

function Cell({ cell }: { readonly cell: Kpi }) {
  const compared = cell.previous !== undefined;
  return (
    <>
      <span className={styles.label}>{cell.label}</span>
      <span className={styles.figure}>
        <span className={styles.value} title={formatNumber(cell.value, cell.unit)}>
          {formatCompact(cell.value, cell.unit)}
        </span>
        {compared && <Change now={cell.value} before={cell.previous} direction={cell.direction} />}
      </span>
      {compared && <span className={styles.before}>before: {formatCompact(cell.previous, cell.unit)}</span>}
    </>
  );
}

function neighbour(key: string, cells: readonly Kpi[], selected: string): string | undefined {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (!step) return undefined;
  const index = cells.findIndex((cell) => cell.id === selected);
  return cells[(index + step + cells.length) % cells.length]?.id;
}
