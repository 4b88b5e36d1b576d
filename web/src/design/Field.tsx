import { ChevronDown } from "lucide-react";
import { useId, type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes } from "react";

import { classes } from "./classes";
import styles from "./Field.module.css";

export interface ControlIds {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

interface FieldProps {
  label: string;
  hint?: ReactNode;
  /** What is wrong and what to do; read out at once. */
  error?: string | null | undefined;
  optional?: string;
  /** Gets the ids that tie the control to its label, hint and error. */
  children: (ids: ControlIds) => ReactNode;
}

export function Field({ label, hint, error, optional, children }: FieldProps) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : undefined;
  const errorId = error ? `${id}-error` : undefined;
  const describedBy = [errorId, hintId].filter(Boolean).join(" ") || undefined;
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
        {optional && <span className={styles.optional}>{optional}</span>}
      </label>
      {children({ id, "aria-describedby": describedBy, "aria-invalid": error ? true : undefined })}
      {error && (
        <p id={errorId} className={styles.error} role="alert">
          {sentence(error)}
        </p>
      )}
      {hint && (
        <p id={hintId} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** The server writes "must have at least 10 characters", to be read after the field's name. */
function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

type InputProps = InputHTMLAttributes<HTMLInputElement> & { mono?: boolean; ref?: Ref<HTMLInputElement> };

export function Input({ className, mono = false, ...rest }: InputProps) {
  return <input {...rest} className={classes(styles.control, mono && styles.mono, className)} />;
}

export interface SelectOption<T extends string> {
  value: T;
  label: string;
  disabled?: boolean;
}

interface SelectProps<T extends string> extends Omit<SelectHTMLAttributes<HTMLSelectElement>, "value" | "onChange"> {
  value: T;
  options: readonly SelectOption<T>[];
  onChange: (value: T) => void;
}

/** The browser's own list: best on a phone and with a screen reader. For search or many options use Combobox. */
export function Select<T extends string>({ value, options, onChange, className, ...rest }: SelectProps<T>) {
  return (
    <span className={classes(styles.selectFrame, className)}>
      <select {...rest} className={classes(styles.control, styles.select)} value={value} onChange={(event) => onChange(event.target.value as T)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown className={styles.chevron} size={14} aria-hidden="true" />
    </span>
  );
}
