import { Plus, X } from "lucide-react";
import { useState } from "react";

import { Button, Combobox, IconButton, Select } from "@/design";

import type { BreakdownField } from "../shared/answers";
import { useCatalogue } from "../shared/catalogue";
import { ownedName } from "../shared/filters";
import { DEFAULT_LIMIT } from "./breakdown";
import styles from "./Insight.module.css";
import { Section } from "./InsightPage";

const LIMITS = [5, 10, 25, 50].map((limit) => ({ value: String(limit), label: `Top ${limit}` }));

interface BreakdownSectionProps {
  readonly breakdown: readonly BreakdownField[] | undefined;
  readonly limit?: number | undefined;
  readonly most?: number;
  readonly onChange: (breakdown: BreakdownField[] | undefined) => void;
  readonly onLimit?: (limit: number) => void;
}

/** What splits the numbers: one property, or up to `most` together. */
export function BreakdownSection({ breakdown = [], limit = DEFAULT_LIMIT, most = 1, onChange, onLimit }: BreakdownSectionProps) {
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
        <div key={`${index}${field.type}${field.property}`} className={styles.line}>
          <FieldPicker label={fieldLabel(index)} field={field} onChange={(next) => put(index, next)} />
          {index === 0 && onLimit && <Select aria-label="How many values" className={styles.short} value={String(limit)} options={LIMITS} onChange={(next) => onLimit(Number(next))} />}
          <IconButton label={breakdown.length > 1 ? `Remove breakdown ${index + 1}` : "Remove breakdown"} icon={<X size={16} />} onClick={() => remove(index)} />
        </div>
      ))}
      {offersNext && <FieldPicker label={fieldLabel(breakdown.length)} onChange={(field) => put(breakdown.length, field)} />}
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
  readonly onChange: (field: BreakdownField) => void;
}

function FieldPicker({ label, field, onChange }: FieldPickerProps) {
  const catalogue = useCatalogue(null);
  return (
    <Combobox
      label={label}
      value={field ? catalogue.keyOf(field) : null}
      display={field && ownedName(field)}
      options={catalogue.properties}
      onChange={(key) => onChange(catalogue.parse(key))}
      placeholder="Choose a property"
      searchPlaceholder="Find a property"
      freeText
    />
  );
}
