import { Info, RotateCw } from "lucide-react";

import { formatAge } from "@/charts/dates";
import { formatNumber } from "@/lib/numbers";
import { IconButton, Popover, Spinner } from "@/design";

import type { Answer } from "./answers";
import styles from "./ChartFootnote.module.css";

export interface Refresh {
  readonly mutate: () => void;
  readonly isPending: boolean;
}

interface ChartFootnoteProps {
  readonly answer: Answer<unknown>;
  readonly refresh: Refresh;
  /** The newest bucket is drawn dashed, which needs a word. */
  readonly dashed: boolean;
  /** Inside a panel's own footer, which brings the line and the space. */
  readonly bare?: boolean;
}

/** How far to trust a chart: its zone, its age, what it cost, and what exactly it counts. */
export function ChartFootnote({ answer, refresh, dashed, bare = false }: ChartFootnoteProps) {
  return (
    <div className={styles.footnote} data-bare={bare || undefined}>
      <span>Times in {answer.timezone}</span>
      {dashed && <span>Dashed: not over yet</span>}
      <span className={styles.tools}>
        {formatNumber(answer.rows_read)} rows in {formatNumber(Math.round(answer.elapsed_ms), "milliseconds")}
        {answer.cached && ` · cached${answer.cached_at ? `, ${formatAge(new Date(answer.cached_at), new Date())}` : ""}`}
        <Popover align="end" label="Definition" trigger={<IconButton label="How this is counted" hint={answer.definition} icon={<Info size={14} />} />}>
          <p className={styles.definition}>{answer.definition}</p>
        </Popover>
        <IconButton label="Refresh" icon={refresh.isPending ? <Spinner /> : <RotateCw size={14} />} onClick={() => refresh.mutate()} />
      </span>
    </div>
  );
}
