import { useState } from "react";

import { Field, Input, Select } from "@/design";

import styles from "../insight/Insight.module.css";
import { UNITS, type FunnelWindow } from "./search";

const UNIT_OPTIONS = UNITS.map((unit) => ({ value: unit, label: `${unit}s` }));

interface WindowFieldProps {
  readonly window: FunnelWindow;
  readonly onChange: (window: FunnelWindow) => void;
}

/** How long somebody has, from the first step to the last. */
export function WindowField({ window, onChange }: WindowFieldProps) {
  const [draft, setDraft] = useState(String(window.value));
  const take = () => {
    const value = Number(draft);
    if (Number.isInteger(value) && value > 0 && value !== window.value) onChange({ ...window, value });
  };
  return (
    <Field label="Within">
      {(ids) => (
        <div className={styles.pair}>
          <Input {...ids} type="number" min={1} max={100_000} value={draft} onChange={(event) => setDraft(event.target.value)} onBlur={take} onKeyDown={(event) => event.key === "Enter" && take()} />
          <Select aria-label="Unit of time" value={window.unit} options={UNIT_OPTIONS} onChange={(unit) => onChange({ ...window, unit })} />
        </div>
      )}
    </Field>
  );
}
