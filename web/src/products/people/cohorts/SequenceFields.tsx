import { Plus, X } from "lucide-react";

import { Button, IconButton, Select } from "@/design";
import type { EventChoice } from "@/products/analytics/insight/events";
import { EventEntry } from "@/products/analytics/insight/EventEntry";

import type { FieldsProps } from "./CriterionEditor";
import { DaysFields, NumberInput } from "./NumberFields";
import styles from "./Rules.module.css";
import { MOST_STEPS, UNITS } from "./rules";

/** Events one after the other, the last within a time of the first. */
export function SequenceFields({ criterion, onChange }: FieldsProps) {
  const { steps, within, days } = criterion;
  const setSteps = (next: readonly EventChoice[]) => onChange({ ...criterion, steps: next });
  const unitOptions = UNITS.map((unit) => ({ value: unit, label: within.value === 1 ? unit : `${unit}s` }));
  return (
    <>
      <div className={styles.steps}>
        {steps.map((step, index) => (
          <EventEntry
            // Steps have no identity but their place.
            key={index}
            mark={index + 1}
            label={`Event ${index + 1}`}
            choice={step}
            onChange={(next) => setSteps(steps.map((one, place) => (place === index ? next : one)))}
            actions={steps.length > 2 && <IconButton label={`Remove event ${index + 1}`} icon={<X size={16} />} onClick={() => setSteps(steps.filter((_, place) => place !== index))} />}
          />
        ))}
        {steps.length < MOST_STEPS && (
          <div className={styles.add}>
            <Button variant="ghost" icon={<Plus size={16} />} onClick={() => setSteps([...steps, { event: null }])}>
              Add event
            </Button>
          </div>
        )}
      </div>
      <div className={styles.numbers}>
        <span className={styles.phrase}>
          <span>all within</span>
          <NumberInput label="Time of the sequence" value={within.value} least={1} onChange={(value) => onChange({ ...criterion, within: { ...within, value } })} />
          <Select aria-label="Unit of the time" className={styles.unit} value={within.unit} options={unitOptions} onChange={(unit) => onChange({ ...criterion, within: { ...within, unit } })} />
        </span>
        <DaysFields days={days} onChange={(next) => onChange({ ...criterion, days: next })} />
      </div>
    </>
  );
}
