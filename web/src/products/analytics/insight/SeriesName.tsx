import { seriesVariable } from "@/charts/theme";
import type { SeriesColour } from "@/charts/spec";

import styles from "./Insight.module.css";

/** A name that others wrote: whole where it is short, else the first lines of it, so that the numbers beside it stay in sight. */
export function Name({ children }: { readonly children: string }) {
  return (
    <span className={styles.name} title={children}>
      {children}
    </span>
  );
}

interface SeriesNameProps {
  readonly name: string;
  readonly colour?: SeriesColour | undefined;
}

/** A series by colour and name. */
export function SeriesName({ name, colour }: SeriesNameProps) {
  return (
    <span className={styles.named}>
      {colour && <span className={styles.swatch} style={{ background: seriesVariable(colour) }} />}
      <Name>{name}</Name>
    </span>
  );
}
