import { Change } from "@/charts/Change";
import { formatNumber } from "@/lib/numbers";
import { Sparkline } from "@/charts/Sparkline";
import { seriesVariable } from "@/charts/theme";

import { unitOf, type ResultRow } from "./plan";
import type { TrendsSearch } from "./search";
import styles from "./Trends.module.css";

interface NumberViewProps {
  readonly incompleteFrom: number | undefined;
  readonly rows: readonly ResultRow[];
  readonly search: TrendsSearch;
}

/** Each series as one large figure for the whole period. */
export function NumberView({ rows, search, incompleteFrom }: NumberViewProps) {
  const unit = unitOf(search);
  return (
    <ul className={styles.numbers}>
      {rows.map(({ id, name, colour, series }) => (
        <li key={id} className={styles.number}>
          <span className={styles.numberName}>{name}</span>
          <span className={styles.numberValue}>{formatNumber(series.total, unit)}</span>
          {series.previous && (
            <span className={styles.numberBefore}>
              <Change now={series.total} before={series.previous_total} direction="none" /> before: {formatNumber(series.previous_total, unit)}
            </span>
          )}
          <Sparkline data={series.data} width={180} height={32} incompleteFrom={incompleteFrom} colour={seriesVariable(colour)} />
        </li>
      ))}
    </ul>
  );
}
