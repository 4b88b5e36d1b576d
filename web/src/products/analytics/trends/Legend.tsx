import { SeriesName } from "../insight/SeriesName";
import type { ResultRow } from "./plan";
import styles from "./Trends.module.css";

interface LegendProps {
  readonly rows: readonly ResultRow[];
  readonly hidden: ReadonlySet<string>;
  readonly onChange: (hidden: string[]) => void;
}

/** Names the lines, and switches them. A second click with everything else off brings all back. */
export function Legend({ rows, hidden, onChange }: LegendProps) {
  const flip = (name: string) => onChange(hidden.has(name) ? [...hidden].filter((one) => one !== name) : [...hidden, name]);
  return (
    <ul className={styles.legend} aria-label="Series shown">
      {rows.map(({ id, name, colour }) => (
        <li key={id}>
          <button type="button" className={styles.legendItem} aria-pressed={!hidden.has(name)} onClick={() => flip(name)} onDoubleClick={() => onChange(rows.map((row) => row.name).filter((one) => one !== name))}>
            <SeriesName name={name} colour={colour} />
          </button>
        </li>
      ))}
      {hidden.size > 0 && (
        <li>
          <button type="button" className={styles.legendAll} onClick={() => onChange([])}>
            Show all
          </button>
        </li>
      )}
    </ul>
  );
}
