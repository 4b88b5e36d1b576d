import { seriesVariable } from "@/charts/theme";

import styles from "./Insight.module.css";
import type { NamedSeries } from "./seriesChart";

/** Names the colours of a chart. */
export function SeriesLegend({ series }: { readonly series: readonly NamedSeries[] }) {
  return (
    <ul className={styles.legend} aria-label="Series">
      {series.map((one) => (
        <li key={one.id} className={styles.named}>
          <span className={styles.swatch} style={{ background: seriesVariable(one.colour) }} />
          {one.name}
        </li>
      ))}
    </ul>
  );
}
