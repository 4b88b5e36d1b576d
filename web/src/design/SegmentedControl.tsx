import { useId } from "react";

import styles from "./SegmentedControl.module.css";
import type { TabOption } from "./Tabs";

interface SegmentedControlProps<T extends string> {
  label: string;
  value: T;
  options: readonly TabOption<T>[];
  onChange: (value: T) => void;
}

/** One of a few, all in sight: periods, intervals, views. */
export function SegmentedControl<T extends string>({ label, value, options, onChange }: SegmentedControlProps<T>) {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} className={styles.segments}>
      {options.map((option) => (
        <label key={option.value} className={styles.segment} title={option.title}>
          <input type="radio" className={styles.radio} name={name} aria-label={option.title} checked={option.value === value} onChange={() => onChange(option.value)} />
          {option.label}
        </label>
      ))}
    </div>
  );
}
