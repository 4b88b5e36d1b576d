import { Plus, X } from "lucide-react";
import { useState } from "react";

import { Button, Combobox, IconButton, Select } from "@/design";

import type { BreakdownField } from "../shared/answers";
import { useCatalogue, useCohortNames } from "../shared/catalogue";
import { withOwn } from "../shared/choices";
import { kindOf, ownedName } from "../shared/filters";
import { DEFAULT_LIMIT } from "./breakdown";
import styles from "./Insight.module.css";
import { Section } from "./InsightPage";

const LIMITS = [5, 10, 25, 50];

interface BreakdownSectionProps {
  readonly breakdown: readonly BreakdownField[] | undefined;
  readonly limit?: number | undefined;
  readonly most?: number;
  /** Cohorts and ranges of numbers are offered, too. */
  readonly isFull?: boolean;
  readonly onChange: (breakdown: BreakdownField[] | undefined) => void;
  readonly onLimit?: (limit: number) => void;
}

/** What splits the numbers: one property, or up to `most` together. */
export function BreakdownSection({ breakdown = [], limit = DEFAULT_LIMIT, most = 1, isFull = false, onChange, onLimit }: BreakdownSectionProps) {
  const [adds, setAdds] = useState(false);
  const put = (index: number, field: BreakdownField) => {
    setAdds(false);
    onChange([...breakdown.slice(0, index), field, ...breakdown.slice(index + 1)]);
  };
  const remove = (index: number) => {
    const left = breakdown.filter((_, position) => position !== index);
    onChange(left.length > 0 ? left : undefined);
  };
  const offersNext = breakdown.length === 0 || adds;
  return (
    <Section title="Break down by">
      {breakdown.map((field, index) => (
        <div key={`${index}${field.type}${field.property}`} className={styles.entries}>
          <div className={styles.line}>
            <FieldPicker label={fieldLabel(index)} field={field} isFull={isFull} onChange={(next) => put(index, next)} />
            {index === 0 && onLimit && <Select aria-label="How many values" className={styles.short} value={String(limit)} options={withOwn(LIMITS, limit).map((one) => ({ value: String(one), label: `Top ${one}` }))} onChange={(next) => onLimit(Number(next))} />}
            <IconButton label={breakdown.length > 1 ? `Remove breakdown ${index + 1}` : "Remove breakdown"} icon={<X size={16} />} onClick={() => remove(index)} />
          </div>
          {isFull && <FieldDetails field={field} onChange={(next) => put(index, next)} />}
        </div>
      ))}
      {offersNext && <FieldPicker label={fieldLabel(breakdown.length)} isFull={isFull} onChange={(field) => put(breakdown.length, field)} />}
      {!offersNext && breakdown.length < most && (
        <div className={styles.add}>
          <Button variant="ghost" icon={<Plus size={16} />} onClick={() => setAdds(true)}>
            Add breakdown
          </Button>
        </div>
      )}
    </Section>
  );
}

function fieldLabel(index: number): string {
  return index === 0 ? "Break down by" : `Then by ${index + 1}`;
}

interface FieldPickerProps {
  readonly label: string;
  readonly field?: BreakdownField;
  readonly isFull: boolean;
  readonly onChange: (field: BreakdownField) => void;
}

function FieldPicker({ label, field, isFull, onChange }: FieldPickerProps) {
  const catalogue = useCatalogue(null);
  return (
    <Combobox
      label={label}
      value={field ? catalogue.keyOf(field) : null}
      display={field && ownedName(field)}
      options={isFull ? catalogue.properties : catalogue.owned}
      onChange={(key) => onChange(withDetails(catalogue.parse(key)))}
      placeholder="Choose a property"
      searchPlaceholder="Find a property"
      freeText
    />
  );
}

function withDetails(field: BreakdownField): BreakdownField {
  return field.type === "cohort" ? { ...field, cohorts: ["all"] } : field;
}

interface FieldDetailsProps {
  readonly field: BreakdownField;
  readonly onChange: (field: BreakdownField) => void;
}

const BINS = [0, 5, 10, 20];

function binChoices(own: number) {
  return withOwn(BINS, own).map((bins) => ({ value: String(bins), label: bins === 0 ? "Each value by itself" : `${bins} ranges of numbers` }));
}

/** Ranges for numbers, and which cohorts. */
function FieldDetails({ field, onChange }: FieldDetailsProps) {
  const catalogue = useCatalogue(null);
  if (field.type === "cohort") return <CohortsPicker field={field} onChange={onChange} />;
  if (kindOf(catalogue.typesOf(field.type, field.property)) !== "number") return null;
  return <Select aria-label={`Ranges of ${ownedName(field)}`} value={String(field.bins ?? 0)} options={binChoices(field.bins ?? 0)} onChange={(bins) => onChange({ ...field, bins: bins === "0" ? undefined : Number(bins) })} />;
}

function CohortsPicker({ field, onChange }: FieldDetailsProps) {
  const names = useCohortNames(true);
  const chosen = field.cohorts ?? [];
  const display = chosen.map((one) => (one === "all" ? "Everyone" : (names.get(String(one)) ?? `Cohort ${one}`))).join(", ");
  const options = [{ value: "all", label: "Everyone" }, ...[...names].map(([value, label]) => ({ value, label }))];
  const flip = (value: string) => {
    const one = value === "all" ? ("all" as const) : Number(value);
    const next: (number | "all")[] = chosen.includes(one) ? chosen.filter((old) => old !== one) : [...chosen, one];
    onChange({ ...field, cohorts: next.length > 0 ? next : ["all"] });
  };
  return <Combobox label="Which cohorts" value={null} display={display} options={options} onChange={flip} searchPlaceholder="Find a cohort" />;
}
