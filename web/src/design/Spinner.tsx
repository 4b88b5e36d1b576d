import styles from "./Spinner.module.css";

/** A quiet ring; always beside words that say what is being waited for. */
export function Spinner() {
  return <span className={styles.spinner} aria-hidden="true" />;
}
