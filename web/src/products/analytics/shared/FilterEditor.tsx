import { useState } from "react";

import { Button, Combobox, Input, Select } from "@/design";

import { useCatalogue, useCohortNames } from "./catalogue";
import styles from "./FilterBar.module.css";
import { COHORT_OPERATORS, kindOf, operatorName, operatorsFor, ownedName, takesMany, takesValue, type Filter, type FilterValue, type Operator, type ValueKind } from "./filters";
import { valueName } from "./properties";

interface FilterEditorProps {
  readonly filter?: Filter | undefined;
  /** Only values seen with this event are offered. */
  readonly event?: string | null;
  readonly onApply: (filter: Filter) => void;
}

interface Draft {
  readonly type: Filter["type"];
  readonly property: string | null;
  readonly operator: Operator;
  readonly value: FilterValue;
  readonly group_type?: string | undefined;
}

/** One condition: a property, how to compare, with what. The default export because it comes when somebody reaches for it. */
export default function FilterEditor({ filter, event = null, onApply }: FilterEditorProps) {
  const [draft, setDraft] = useState<Draft>({ property: null, type: "event", operator: "exact", value: "", ...filter });
  const catalogue = useCatalogue(event);
  const kind = kindOf(catalogue.typesOf(draft.type, draft.property));
  const done = finish(draft, kind);
  const choose = (key: string) => {
    const field = catalogue.parse(key);
    const [operator = "exact"] = operatorsOf(field.type, kindOf(catalogue.typesOf(field.type, field.property)));
    setDraft({ ...field, operator, value: takesMany(operator) ? [] : "" });
  };
  if (draft.type === "sql") return <ExpressionEditor expression={String(draft.value)} onApply={(value) => onApply({ type: "sql", property: "sql", operator: "exact", value })} />;
  return (
    <form
      ref={focusFirst}
      className={styles.editor}
      onSubmit={(submit) => {
        submit.preventDefault();
        if (done) onApply(done);
      }}
    >
      <Combobox label="Property" value={draft.property && catalogue.keyOf({ ...draft, property: draft.property })} display={draft.property && ownedName({ ...draft, property: draft.property })} options={catalogue.properties} onChange={choose} placeholder="Property" searchPlaceholder="Find a property" freeText />
      {draft.property && (
        <>
          <Select
            aria-label="Comparison"
            value={draft.operator}
            options={operatorsOf(draft.type, kind).map((operator) => ({ value: operator, label: draft.type === "cohort" ? COHORT_WORDS[operator] ?? operator : operatorName(operator) }))}
            onChange={(operator) => setDraft({ ...draft, operator, value: convert(draft.value, operator) })}
          />
          {takesValue(draft.operator) && <ValueInput draft={draft} kind={kind} values={catalogue.values(draft.property, draft.type)} onChange={(value) => setDraft({ ...draft, value })} />}
        </>
      )}
      <Button type="submit" variant="primary" disabled={!done}>
        {filter ? "Change filter" : "Add filter"}
      </Button>
    </form>
  );
}

/** The panel opens before its editor has come, and by then has the focus itself. */
function focusFirst(form: HTMLFormElement | null) {
  form?.querySelector("button")?.focus();
}

const COHORT_WORDS: Partial<Record<Operator, string>> = { in: "People in", not_in: "People not in" };

function operatorsOf(type: Filter["type"], kind: ValueKind): readonly Operator[] {
  return type === "cohort" ? COHORT_OPERATORS : operatorsFor(kind);
}

/** Filters written as SQL come from saved insights and the API; here they can be changed. */
function ExpressionEditor({ expression, onApply }: { readonly expression: string; readonly onApply: (expression: string) => void }) {
  const [draft, setDraft] = useState(expression);
  return (
    <form
      className={styles.editor}
      onSubmit={(submit) => {
        submit.preventDefault();
        if (draft.trim()) onApply(draft.trim());
      }}
    >
      <Input aria-label="SQL expression" mono value={draft} onChange={(event) => setDraft(event.target.value)} />
      <Button type="submit" variant="primary" disabled={!draft.trim()}>
        Change filter
      </Button>
    </form>
  );
}

function convert(value: FilterValue, operator: Operator): FilterValue {
  const list = Array.isArray(value) ? value : value === "" || value === undefined ? [] : [value];
  return takesMany(operator) ? list : (list[0] ?? "");
}

interface ValueInputProps {
  readonly draft: Draft;
  readonly kind: ValueKind;
  readonly values: (search: string, signal: AbortSignal) => Promise<readonly { value: string; detail: string }[]>;
  readonly onChange: (value: FilterValue) => void;
}

function ValueInput({ draft, kind, values, onChange }: ValueInputProps) {
  const { type, property, operator, value } = draft;
  if (type === "cohort") return <CohortInput value={value} onChange={onChange} />;
  if (kind === "number") return <Input aria-label="Value" type="number" step="any" value={String(value ?? "")} onChange={(event) => onChange(event.target.value)} />;
  if (kind === "date") return <Input aria-label="Day" type="date" value={String(value ?? "")} onChange={(event) => onChange(event.target.value)} />;
  if (kind === "boolean") return <Select aria-label="Value" value={String(value) === "false" ? "false" : "true"} options={YES_NO} onChange={onChange} />;
  if (operator === "regex" || operator === "not_regex") return <Input aria-label="Pattern" mono value={String(value ?? "")} placeholder="^/docs/.*" onChange={(event) => onChange(event.target.value)} />;
  const named = async (search: string, signal: AbortSignal) =>
    (await values(search, signal)).map((one) => ({ ...one, label: valueName(property ?? "", one.value) }));
  if (!takesMany(operator)) {
    return <Combobox label="Value" value={String(value ?? "")} display={value ? valueName(property ?? "", String(value)) : undefined} options={named} onChange={onChange} freeText placeholder="Value" searchPlaceholder="Find or type a value" />;
  }
  const chosen = (Array.isArray(value) ? value : []).map(String);
  return <Combobox label="Values" value={null} display={chosen.length > 0 ? chosen.join(", ") : undefined} options={named} onChange={(next) => onChange(toggle(chosen, next))} freeText placeholder="Values" searchPlaceholder="Find or type a value" />;
}

function CohortInput({ value, onChange }: Pick<ValueInputProps, "onChange"> & { readonly value: FilterValue }) {
  const names = useCohortNames(true);
  const chosen = (Array.isArray(value) ? value : []).map(String);
  const display = chosen.length > 0 ? chosen.map((id) => names.get(id) ?? `Cohort ${id}`).join(", ") : undefined;
  const options = [...names].map(([id, label]) => ({ value: id, label }));
  return <Combobox label="Cohorts" value={null} display={display} options={options} onChange={(next) => onChange(toggle(chosen, next))} placeholder="Cohorts" searchPlaceholder="Find a cohort" />;
}

const YES_NO = [
  { value: "true", label: "true" },
  { value: "false", label: "false" },
];

function toggle(list: readonly string[], value: string): string[] {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
}

/** The filter, once it says everything it must. */
function finish(draft: Draft, kind: ValueKind): Filter | null {
  const { type, property, operator, group_type } = draft;
  if (!property) return null;
  const owned = { type, property, operator, ...(group_type ? { group_type } : {}) };
  if (!takesValue(operator)) return owned;
  const value = kind === "boolean" && draft.value === "" ? "true" : draft.value;
  if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return null;
  return { ...owned, value: typed(value, kind) };
}

function typed(value: NonNullable<FilterValue>, kind: ValueKind): NonNullable<FilterValue> {
  if (kind === "number" && !Array.isArray(value)) return Number(value);
  if (kind === "boolean") return value === "true" || value === true;
  return value;
}
