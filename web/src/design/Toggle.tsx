import { Check, Minus } from "lucide-react";
import { Checkbox as RadixCheckbox, Switch as RadixSwitch } from "radix-ui";
import { useId, type ReactNode } from "react";

import styles from "./Toggle.module.css";

interface ToggleProps {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

/** A choice that is sent with its form. */
export function Checkbox({ label, hint, checked, disabled, onChange, partly = false }: ToggleProps & { partly?: boolean }) {
  const id = useId();
  return (
    <div className={styles.line}>
      <RadixCheckbox.Root
        id={id}
        className={styles.box}
        checked={partly ? "indeterminate" : checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onCheckedChange={(next) => onChange(next === true)}
      >
        <RadixCheckbox.Indicator>{partly ? <Minus size={14} strokeWidth={3} /> : <Check size={14} strokeWidth={3} />}</RadixCheckbox.Indicator>
      </RadixCheckbox.Root>
      <ToggleLabel id={id} label={label} hint={hint} />
    </div>
  );
}

/** A setting that holds at once. */
export function Switch({ label, hint, checked, disabled, onChange }: ToggleProps) {
  const id = useId();
  return (
    <div className={styles.line}>
      <RadixSwitch.Root id={id} className={styles.track} checked={checked} disabled={disabled} aria-describedby={hint ? `${id}-hint` : undefined} onCheckedChange={onChange}>
        <RadixSwitch.Thumb className={styles.thumb} />
      </RadixSwitch.Root>
      <ToggleLabel id={id} label={label} hint={hint} />
    </div>
  );
}

function ToggleLabel({ id, label, hint }: { id: string; label: ReactNode; hint: ReactNode }) {
  return (
    <div className={styles.words}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}
