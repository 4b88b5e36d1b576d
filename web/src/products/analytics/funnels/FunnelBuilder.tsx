import { Select } from "@/design";

import { BreakdownSection } from "../insight/BreakdownSection";
import { FiltersSection, Section } from "../insight/InsightPage";
import { ExclusionsSection } from "./ExclusionsSection";
import { canBreakDown, DEFAULT_VALUES, stepName, stepsOf } from "./plan";
import { RulesSection } from "./RulesSection";
import { ATTRIBUTIONS, type FunnelSearch } from "./search";
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
