import type { ReactNode } from "react";

import { classes } from "./classes";
import styles from "./Badge.module.css";

export type Tone = "neutral" | "accent" | "good" | "bad" | "warn";

/** A short state in words; the colour only repeats what the word says. */
export function Badge({ tone = "neutral", icon, children }: { tone?: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={classes(styles.badge, styles[tone])}>
      {icon}
      {children}
    </span>
  );
}
