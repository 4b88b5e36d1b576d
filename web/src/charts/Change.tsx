import { formatChange, relativeChange } from "@/lib/numbers";

import styles from "./KpiStrip.module.css";

/** Which way is good: more people is, more errors is not, and for some figures neither is. */
export type Direction = "up" | "down" | "none";

export type Verdict = "good" | "bad" | "neutral";

interface ChangeProps {
  readonly now: number | null | undefined;
  readonly before: number | null | undefined;
  readonly direction: Direction;
}

/** A change with arrow and sign; colour only says again what they say. */
export function Change({ now, before, direction }: ChangeProps) {
  const ratio = relativeChange(now, before);
  if (now === null || now === undefined || before === null || before === undefined) return null;
  if (ratio === null) {
    return (
      <span className={styles.change} data-verdict="neutral" title="There was none before">
        new
      </span>
    );
  }
  const arrow = ratio === 0 ? "" : ratio > 0 ? "↑ " : "↓ ";
  return (
    <span className={styles.change} data-verdict={judge(ratio, direction)}>
      {arrow && <span aria-hidden="true">{arrow}</span>}
      {formatChange(ratio)}
    </span>
  );
}

export function judge(ratio: number, direction: Direction): Verdict {
  if (ratio === 0 || direction === "none") return "neutral";
  return ratio > 0 === (direction === "up") ? "good" : "bad";
}
