import type { ReactNode } from "react";

import styles from "./People.module.css";

interface FactProps {
  readonly name: string;
  readonly value: ReactNode;
  /** A number that the page is about. */
  readonly figure?: boolean;
}

/** One of the facts at the head of a page; stands in a `dl`. */
export function Fact({ name, value, figure = false }: FactProps) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd data-figure={figure || undefined}>{value}</dd>
    </div>
  );
}
