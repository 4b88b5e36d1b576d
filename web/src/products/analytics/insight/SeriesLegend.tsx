import styles from "./Insight.module.css";
import type { NamedSeries } from "./seriesChart";
import { SeriesName } from "./SeriesName";

/** Names the colours of a chart. */
export function SeriesLegend({ series }: { readonly series: readonly NamedSeries[] }) {
  return (
    <ul className={styles.legend} aria-label="Series">
      {series.map((one) => (
        <li key={one.id}>
          <SeriesName name={one.name} colour={one.colour} />
        </li>
      ))}
    </ul>
  );
}
