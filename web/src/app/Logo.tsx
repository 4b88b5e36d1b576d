import styles from "./Logo.module.css";

import { text } from "@/text";

/** The mark: an N whose upstroke points north. */
export function Logo({ withName = true }: { withName?: boolean }) {
  return (
    <span className={styles.logo}>
      <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
        <rect width="32" height="32" rx="8" className={styles.tile} />
        <path d="M10 22V10l12 12V10" className={styles.stroke} />
      </svg>
      <span className={withName ? styles.name : "visually-hidden"}>{text.product}</span>
    </span>
  );
}
