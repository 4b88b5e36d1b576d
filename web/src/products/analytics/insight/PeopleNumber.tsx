import { formatNumber, type Unit } from "@/lib/numbers";

import styles from "./Insight.module.css";

interface PeopleNumberProps {
  readonly value: number | null | undefined;
  readonly unit?: Unit;
  /** Whose number it is, for screen readers: "Sign-up, 20 Nov". */
  readonly of: string;
  readonly onOpen: () => void;
}

/** A number that opens the list of people behind it; nobody is behind none. */
export function PeopleNumber({ value, unit = "count", of, onOpen }: PeopleNumberProps) {
  if (!value) return formatNumber(value, unit);
  return (
    <button type="button" className={styles.number} aria-label={`${formatNumber(value, unit)}, ${of}: show people`} onClick={onOpen}>
      {formatNumber(value, unit)}
    </button>
  );
}
