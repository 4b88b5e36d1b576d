import { BreakdownSection } from "../insight/BreakdownSection";
import styles from "../insight/Insight.module.css";
import { FiltersSection, Section } from "../insight/InsightPage";
import { Field, Input, Select } from "@/design";
import { useState } from "react";

import { ExclusionsSection } from "./ExclusionsSection";
import { canBreakDown, DEFAULT_VALUES, stepName, stepsOf } from "./plan";
import { ATTRIBUTIONS, DEFAULT_WINDOW, ORDERS, UNITS, type FunnelSearch, type FunnelWindow } from "./search";
import { StepsSection } from "./StepsSection";

export interface FunnelProps {
  readonly search: FunnelSearch;
  readonly onChange: (patch: Partial<FunnelSearch>) => void;
}

/** Which steps, in which order, within what time, and by whom. */
export function FunnelBuilder({ search, onChange }: FunnelProps) {
  return (
    <>
      <StepsSection search={search} onChange={onChange} />
      <RulesSection search={search} onChange={onChange} />
      <FiltersSection state={search} onChange={onChange} />
      {search.view !== "correlation" && <ExclusionsSection search={search} onChange={onChange} />}
      {canBreakDown(search) && (
        <BreakdownSection
          breakdown={search.breakdown}
          limit={search.breakdown_limit ?? DEFAULT_VALUES}
          onChange={(breakdown) => onChange({ breakdown, ...(breakdown ? {} : { breakdown_limit: undefined, attribution: undefined, attribution_step: undefined }) })}
          onLimit={(limit) => onChange({ breakdown_limit: limit })}
        />
      )}
      {canBreakDown(search) && search.breakdown && <AttributionSection search={search} onChange={onChange} />}
    </>
  );
}

const ORDER_NAMES = { ordered: "In order", strict: "In order, nothing between", unordered: "In any order" } as const;
const UNIT_OPTIONS = UNITS.map((unit) => ({ value: unit, label: `${unit}s` }));

function RulesSection({ search, onChange }: FunnelProps) {
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

interface WindowFieldProps {
  readonly window: FunnelWindow;
  readonly onChange: (window: FunnelWindow) => void;
}

/** How long somebody has, from the first step to the last. */
function WindowField({ window, onChange }: WindowFieldProps) {
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

const ATTRIBUTION_NAMES = { first_touch: "First value", last_touch: "Last value", all_events: "Each value by itself", step: "Value at a step" } as const;

function AttributionSection({ search, onChange }: FunnelProps) {
  const steps = stepsOf(search);
  return (
    <Section title="Whose value counts" hint="People may have several values on their way.">
      <Select aria-label="Attribution" value={search.attribution ?? "first_touch"} options={ATTRIBUTIONS.map((one) => ({ value: one, label: ATTRIBUTION_NAMES[one] }))} onChange={(attribution) => onChange({ attribution })} />
      {search.attribution === "step" && (
        <Select
          aria-label="Step of the value"
          value={String(search.attribution_step ?? 0)}
          options={steps.map((step, index) => ({ value: String(index), label: `${index + 1}. ${stepName(step)}` }))}
          onChange={(step) => onChange({ attribution_step: Number(step) })}
        />
      )}
    </Section>
  );
}
