import { Combobox, Input, Select } from "@/design";
import { useCatalogue } from "@/products/analytics/shared/catalogue";
import { kindOf, operatorName, operatorsFor, takesMany, takesValue, type Filter, type FilterValue, type Operator, type ValueKind } from "@/products/analytics/shared/filters";
import { propertyName, valueName } from "@/products/analytics/shared/properties";

import type { FieldsProps } from "./CriterionEditor";
import styles from "./Rules.module.css";

/** A condition on the profile: plan is pro. */
export function PersonFields({ criterion, onChange }: FieldsProps) {
  const catalogue = useCatalogue(null);
  const { person } = criterion;
  const kind = kindOf(catalogue.typesOf("person", person?.property ?? null));
  const put = (next: Filter) => onChange({ ...criterion, person: next });
  const options = catalogue.properties.filter(({ value }) => value.startsWith(OWNER)).map((option) => ({ ...option, value: option.value.slice(OWNER.length), group: "" }));
  const choose = (property: string) => {
    const [operator = "exact"] = operatorsFor(kindOf(catalogue.typesOf("person", property)));
    put({ type: "person", property, operator, value: takesMany(operator) ? [] : "" });
  };
  return (
    <div className={styles.condition}>
      <Combobox label="Person property" className={styles.grow} value={person?.property ?? null} display={person ? propertyName(person.property) : undefined} options={options} onChange={choose} placeholder="Choose a property" searchPlaceholder="Find a property" freeText />
      {person && (
        <>
          <Select aria-label="Comparison" className={styles.operator} value={person.operator} options={operatorsFor(kind).map((operator) => ({ value: operator, label: operatorName(operator) }))} onChange={(operator) => put(withOperator(person, operator))} />
          {takesValue(person.operator) && <ValueInput person={person} kind={kind} values={catalogue.values(person.property, "person")} onChange={(value) => put({ ...person, value })} />}
        </>
      )}
    </div>
  );
}

const OWNER = "person:";

/** A condition without a value keeps none: the server would refuse it. */
function withOperator(person: Filter, operator: Operator): Filter {
  const { value, ...rest } = person;
  if (!takesValue(operator)) return { ...rest, operator };
  const list = Array.isArray(value) ? value : value === undefined || value === "" ? [] : [value];
  return { ...rest, operator, value: takesMany(operator) ? list : (list[0] ?? "") };
}

interface ValueInputProps {
  readonly person: Filter;
  readonly kind: ValueKind;
  readonly values: (search: string, signal: AbortSignal) => Promise<readonly { value: string; detail: string }[]>;
  readonly onChange: (value: FilterValue) => void;
}

function ValueInput({ person, kind, values, onChange }: ValueInputProps) {
  const { property, operator, value } = person;
  if (kind === "number") return <Input aria-label="Value" className={styles.grow} type="number" step="any" value={String(value ?? "")} onChange={(event) => onChange(event.target.value === "" ? "" : Number(event.target.value))} />;
  if (kind === "date") return <Input aria-label="Day" className={styles.grow} type="date" value={String(value ?? "")} onChange={(event) => onChange(event.target.value)} />;
  if (kind === "boolean") return <Select aria-label="Value" className={styles.operator} value={value === false ? "false" : value === true ? "true" : ""} options={YES_NO} onChange={(next) => onChange(next === "" ? "" : next === "true")} />;
  if (operator === "regex") return <Input aria-label="Pattern" className={styles.grow} mono value={String(value ?? "")} onChange={(event) => onChange(event.target.value)} />;
  const named = async (search: string, signal: AbortSignal) => (await values(search, signal)).map((one) => ({ ...one, label: valueName(property, one.value) }));
  const chosen = (Array.isArray(value) ? value : []).map(String);
  const many = takesMany(operator);
  const shown = many ? chosen.map((one) => valueName(property, one)).join(", ") : value ? valueName(property, String(value)) : "";
  const choose = (next: string) => onChange(many ? toggled(chosen, next) : next);
  return <Combobox label={many ? "Values" : "Value"} className={styles.grow} value={many ? null : String(value ?? "")} display={shown || undefined} options={named} onChange={choose} placeholder="Value" searchPlaceholder="Find or type a value" freeText />;
}

const YES_NO = [
  { value: "", label: "Choose…" },
  { value: "true", label: "true" },
  { value: "false", label: "false" },
];

function toggled(list: readonly string[], value: string): string[] {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
}
