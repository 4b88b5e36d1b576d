import { useState } from "react";

import { Button, Combobox, Input, Select } from "@/design";

import { useCatalogue } from "./catalogue";
import styles from "./FilterBar.module.css";
import { kindOf, operatorName, operatorsFor, takesMany, takesValue, type Filter, type FilterValue, type Operator, type ValueKind } from "./filters";
import { propertyName, valueName } from "./properties";

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
}

/** One condition: a property, how to compare, with what. */
export function FilterEditor({ filter, event = null, onApply }: FilterEditorProps) {
  const [draft, setDraft] = useState<Draft>({ property: null, type: "event", operator: "exact", value: "", ...filter });
  const catalogue = useCatalogue(event);
  const kind = kindOf(catalogue.typesOf(draft.type, draft.property));
  const done = finish(draft, kind);
  const choose = (key: string) => {
    const { type, property } = catalogue.parse(key);
    const [operator = "exact"] = operatorsFor(kindOf(catalogue.typesOf(type, property)));
    setDraft({ type, property, operator, value: "" });
  };
  return (
    <form
      className={styles.editor}
      onSubmit={(submit) => {
        submit.preventDefault();
        if (done) onApply(done);
      }}
    >
      <Combobox label="Property" value={draft.property && catalogue.keyOf(draft.type, draft.property)} display={draft.property && propertyName(draft.property)} options={catalogue.properties} onChange={choose} placeholder="Property" searchPlaceholder="Find a property" freeText />
      {draft.property && (
        <>
          <Select
            aria-label="Comparison"
            value={draft.operator}
            options={operatorsFor(kind).map((operator) => ({ value: operator, label: operatorName(operator) }))}
            onChange={(operator) => setDraft({ ...draft, operator, value: convert(draft.value, operator) })}
          />
          {takesValue(draft.operator) && <ValueInput draft={draft} kind={kind} values={catalogue.values(draft.property)} onChange={(value) => setDraft({ ...draft, value })} />}
        </>
      )}
      <Button type="submit" variant="primary" disabled={!done}>
        {filter ? "Change filter" : "Add filter"}
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
  const { property, operator, value } = draft;
  if (kind === "number") return <Input aria-label="Value" type="number" step="any" value={String(value ?? "")} onChange={(event) => onChange(event.target.value)} />;
  if (kind === "date") return <Input aria-label="Day" type="date" value={String(value ?? "")} onChange={(event) => onChange(event.target.value)} />;
  if (kind === "boolean") return <Select aria-label="Value" value={String(value) === "false" ? "false" : "true"} options={YES_NO} onChange={onChange} />;
  if (operator === "regex") return <Input aria-label="Pattern" mono value={String(value ?? "")} placeholder="^/docs/.*" onChange={(event) => onChange(event.target.value)} />;
  const named = async (search: string, signal: AbortSignal) =>
    (await values(search, signal)).map((one) => ({ ...one, label: valueName(property ?? "", one.value) }));
  if (!takesMany(operator)) {
    return <Combobox label="Value" value={String(value ?? "")} display={value ? valueName(property ?? "", String(value)) : undefined} options={named} onChange={onChange} freeText placeholder="Value" searchPlaceholder="Find or type a value" />;
  }
  const chosen = (Array.isArray(value) ? value : []).map(String);
  return <Combobox label="Values" value={null} display={chosen.length > 0 ? chosen.join(", ") : undefined} options={named} onChange={(next) => onChange(toggle(chosen, next))} freeText placeholder="Values" searchPlaceholder="Find or type a value" />;
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
  const { type, property, operator } = draft;
  if (!property) return null;
  if (!takesValue(operator)) return { type, property, operator };
  const value = kind === "boolean" && draft.value === "" ? "true" : draft.value;
  if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return null;
  return { type, property, operator, value: typed(value, kind) };
}

function typed(value: NonNullable<FilterValue>, kind: ValueKind): NonNullable<FilterValue> {
  if (kind === "number" && !Array.isArray(value)) return Number(value);
  if (kind === "boolean") return value === "true" || value === true;
  return value;
}
