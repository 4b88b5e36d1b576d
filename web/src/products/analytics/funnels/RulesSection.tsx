import { Field, Select } from "@/design";

import { Section } from "../insight/InsightPage";
import type { FunnelProps } from "./FunnelBuilder";
import { DEFAULT_WINDOW, ORDERS } from "./search";
import { WindowField } from "./WindowField";

const ORDER_NAMES = { ordered: "In order", strict: "In order, nothing between", unordered: "In any order" } as const;

/** What it takes to count as converted. */
export function RulesSection({ search, onChange }: FunnelProps) {
  const actor = search.aggregate_by ?? "person";
  const actors = ["person", "session", ...(actor === "person" || actor === "session" ? [] : [actor])];
  const setOrder = (order: (typeof ORDERS)[number]) => {
    const steps = order === "unordered" && search.steps ? { steps: search.steps.map((step) => ({ ...step, optional: undefined })) } : {};
    onChange({ order, ...steps });
  };
  return (
    <Section title="Counts as converted">
      <Select aria-label="Order of steps" value={search.order ?? "ordered"} options={ORDERS.map((order) => ({ value: order, label: ORDER_NAMES[order] }))} onChange={setOrder} />
      <WindowField key={JSON.stringify(search.window)} window={search.window ?? DEFAULT_WINDOW} onChange={(window) => onChange({ window })} />
      <Field label="Counted by">
        {(ids) => (
          <Select
            {...ids}
            value={actor}
            options={actors.map((one) => ({ value: one, label: one === "person" ? "People" : one === "session" ? "Sessions" : `Groups: ${one}` }))}
            onChange={(next) => onChange({ aggregate_by: next === "person" ? undefined : next })}
          />
        )}
      </Field>
    </Section>
  );
}
