import { X } from "lucide-react";

import { IconButton, Select } from "@/design";
import { EventEntry } from "@/products/analytics/insight/EventEntry";

import { CohortFields } from "./CohortFields";
import { CountFields, DaysFields } from "./NumberFields";
import { PersonFields } from "./PersonFields";
import styles from "./Rules.module.css";
import { type Criterion, type CriterionKind, withKind } from "./rules";
import { SequenceFields } from "./SequenceFields";

const KIND_OPTIONS: readonly { value: CriterionKind; label: string }[] = [
  { value: "behaviour", label: "did" },
  { value: "not_done", label: "did not do" },
  { value: "first_time", label: "did for the first time" },
  { value: "stopped", label: "did, but stopped" },
  { value: "sequence", label: "did one after the other" },
  { value: "person", label: "have the property" },
  { value: "cohort", label: "are in the cohort" },
];

interface CriterionEditorProps {
  readonly criterion: Criterion;
  readonly self: number | undefined;
  readonly onChange: (criterion: Criterion) => void;
  readonly onRemove: (() => void) | undefined;
}

/** One criterion: of which kind, and its fields. */
export function CriterionEditor({ criterion, self, onChange, onRemove }: CriterionEditorProps) {
  return (
    <div className={styles.criterion}>
      <div className={styles.kind}>
        <Select aria-label="Criterion" className={styles.kindChoice} value={criterion.kind} options={KIND_OPTIONS} onChange={(kind) => onChange(withKind(criterion, kind))} />
        {onRemove && <IconButton label="Remove criterion" icon={<X size={16} />} onClick={onRemove} />}
      </div>
      <Fields criterion={criterion} self={self} onChange={onChange} />
    </div>
  );
}

export interface FieldsProps {
  readonly criterion: Criterion;
  readonly onChange: (criterion: Criterion) => void;
}

function Fields({ criterion, self, onChange }: FieldsProps & { readonly self: number | undefined }) {
  switch (criterion.kind) {
    case "person":
      return <PersonFields criterion={criterion} onChange={onChange} />;
    case "cohort":
      return <CohortFields criterion={criterion} self={self} onChange={onChange} />;
    case "sequence":
      return <SequenceFields criterion={criterion} onChange={onChange} />;
    default:
      return <EventFields criterion={criterion} onChange={onChange} />;
  }
}

function EventFields({ criterion, onChange }: FieldsProps) {
  const { kind, did, days, beforeDays } = criterion;
  const isStopped = kind === "stopped";
  return (
    <>
      <EventEntry label="Event" choice={did} onChange={(next) => onChange({ ...criterion, did: next })} />
      <div className={styles.numbers}>
        {kind === "behaviour" && <CountFields count={criterion.count} onChange={(count) => onChange({ ...criterion, count })} />}
        {isStopped && <DaysFields days={beforeDays} words="did it" onChange={(next) => onChange({ ...criterion, beforeDays: next })} />}
        <DaysFields days={days} words={isStopped ? "but not" : undefined} needed={isStopped || kind === "first_time"} onChange={(next) => onChange({ ...criterion, days: next })} />
      </div>
    </>
  );
}
