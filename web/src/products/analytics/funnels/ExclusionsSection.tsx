import { X } from "lucide-react";

import { Combobox, IconButton, Select } from "@/design";

import styles from "../insight/Insight.module.css";
import { Section } from "../insight/InsightPage";
import { useEventOptions } from "../shared/catalogue";
import { eventName } from "../shared/properties";
import type { FunnelProps } from "./FunnelBuilder";
import { stepName, stepsOf } from "./plan";
import type { Exclusion, StepState } from "./search";

/** Events that must not happen on the way: who had one is left out of the funnel. */
export function ExclusionsSection({ search, onChange }: FunnelProps) {
  const steps = stepsOf(search);
  const events = useEventOptions(false).filter((option) => !steps.some((step) => step.event === option.value));
  const exclusions = search.exclusions ?? [];
  const put = (next: Exclusion[]) => onChange({ exclusions: next.length > 0 ? next : undefined });
  if (steps.length < 2) return null;
  return (
    <Section title="Leave out people who, on the way, did">
      {exclusions.map((one, index) => (
        <div key={`${index}${one.event}`} className={styles.entry}>
          <div className={styles.line}>
            <Combobox label={`Excluded event ${index + 1}`} value={one.event} display={eventName(one.event)} options={events} onChange={(event) => put(exclusions.map((old, position) => (position === index ? { ...old, event } : old)))} />
            <IconButton label={`Remove exclusion ${index + 1}`} icon={<X size={16} />} onClick={() => put(exclusions.filter((_, position) => position !== index))} />
          </div>
          {search.order !== "unordered" && <Between exclusion={one} steps={steps} onChange={(next) => put(exclusions.map((old, position) => (position === index ? next : old)))} />}
        </div>
      ))}
      <Combobox label="Add an exclusion" value={null} options={events} onChange={(event) => put([...exclusions, { event, from_step: 0, to_step: steps.length - 1 }])} placeholder="Choose an event" searchPlaceholder="Find an event" />
    </Section>
  );
}

interface BetweenProps {
  readonly exclusion: Exclusion;
  readonly steps: readonly StepState[];
  readonly onChange: (exclusion: Exclusion) => void;
}

function Between({ exclusion, steps, onChange }: BetweenProps) {
  const options = steps.map((step, index) => ({ value: String(index), label: `${index + 1}. ${stepName(step)}` }));
  return (
    <div className={styles.pair}>
      <Select aria-label="After step" value={String(exclusion.from_step)} options={options.slice(0, exclusion.to_step)} onChange={(step) => onChange({ ...exclusion, from_step: Number(step) })} />
      <Select aria-label="Before step" value={String(exclusion.to_step)} options={options.slice(exclusion.from_step + 1)} onChange={(step) => onChange({ ...exclusion, to_step: Number(step) })} />
    </div>
  );
}
