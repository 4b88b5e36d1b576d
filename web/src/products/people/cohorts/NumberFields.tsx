import { Input, Select } from "@/design";

import styles from "./Rules.module.css";
import { DEFAULT_DAYS, MOST_DAYS, type CountOperator, type Criterion } from "./rules";

const COUNT_OPTIONS: readonly { value: CountOperator; label: string }[] = [
  { value: "gte", label: "at least" },
  { value: "lte", label: "at most" },
  { value: "exact", label: "exactly" },
];

interface CountFieldsProps {
  readonly count: Criterion["count"];
  readonly onChange: (count: Criterion["count"]) => void;
}

/** How often: at least three times. */
export function CountFields({ count, onChange }: CountFieldsProps) {
  return (
    <span className={styles.phrase}>
      <Select aria-label="How the number of times is compared" className={styles.comparison} value={count.operator} options={COUNT_OPTIONS} onChange={(operator) => onChange({ ...count, operator })} />
      <NumberInput label="Times" value={count.value} least={count.operator === "gte" ? 1 : 0} onChange={(value) => onChange({ ...count, value })} />
      <span>{count.value === 1 ? "time" : "times"}</span>
    </span>
  );
}

type Span = "days" | "ever";
const SPAN_OPTIONS: readonly { value: Span; label: string }[] = [
  { value: "days", label: "in the last" },
  { value: "ever", label: "at any time" },
];

interface DaysFieldsProps {
  /** null is ever. */
  readonly days: number | null;
  readonly words?: string | undefined;
  /** Ever makes no sense here. */
  readonly needed?: boolean;
  readonly onChange: (days: number | null) => void;
}

/** How lately: in the last 30 days. */
export function DaysFields({ days, words, needed = false, onChange }: DaysFieldsProps) {
  const name = words ? `Days, ${words}` : "Days";
  return (
    <span className={styles.phrase}>
      {words && <span>{words}</span>}
      {needed ? (
        <span>in the last</span>
      ) : (
        <Select aria-label={words ? `When, ${words}` : "When"} className={styles.comparison} value={days === null ? "ever" : "days"} options={SPAN_OPTIONS} onChange={(span) => onChange(span === "ever" ? null : DEFAULT_DAYS)} />
      )}
      {days !== null && (
        <>
          <NumberInput label={name} value={days} least={1} most={MOST_DAYS} onChange={onChange} />
          <span>{days === 1 ? "day" : "days"}</span>
        </>
      )}
    </span>
  );
}

interface NumberInputProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most?: number;
  readonly onChange: (value: number) => void;
}

/** A whole number; while the field is empty it is NaN, which no rule takes. */
export function NumberInput({ label, value, least, most, onChange }: NumberInputProps) {
  return (
    <Input
      type="number"
      aria-label={label}
      className={styles.number}
      min={least}
      max={most}
      step={1}
      required
      value={Number.isNaN(value) ? "" : value}
      onChange={(event) => onChange(event.target.value === "" ? Number.NaN : Number(event.target.value))}
    />
  );
}
