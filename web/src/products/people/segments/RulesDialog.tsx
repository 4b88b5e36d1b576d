import { useId, useState } from "react";

import { ApiError } from "@/api";
import { useChangeSegmentRules, type SegmentRules } from "@/api/segments";
import { useProject } from "@/app/project";
import { Button, Dialog, Field, Form, FormRow, Input, toast } from "@/design";
import { text } from "@/text";

import styles from "../shared/People.module.css";

const FIELDS: readonly { name: keyof SegmentRules; label: string; hint: string; most: number }[] = [
  { name: "window_days", label: "Days looked at", hint: "Activity is counted in the last so many days.", most: 60 },
  { name: "power_days", label: "Power", hint: "Active on so many of them or more.", most: 60 },
  { name: "engaged_days", label: "Engaged", hint: "Active on so many or more; on fewer: casual.", most: 60 },
  { name: "at_risk_days", label: "At risk", hint: "Active before, but not in the last so many days.", most: 3660 },
  { name: "new_days", label: "New", hint: "First seen in the last so many days.", most: 3660 },
];

type Typed = Record<keyof SegmentRules, string>;

interface RulesDialogProps {
  readonly rules: SegmentRules;
  readonly onClose: () => void;
}

/** The thresholds of the segments, in days. */
export function RulesDialog({ rules, onClose }: RulesDialogProps) {
  const project = useProject();
  const form = useId();
  const [typed, setTyped] = useState<Typed>(() => Object.fromEntries(FIELDS.map(({ name }) => [name, String(rules[name])])) as Typed);
  const change = useChangeSegmentRules(project.id);
  const problem = change.error instanceof ApiError ? change.error : null;
  const submit = () => {
    const given = Object.fromEntries(FIELDS.map(({ name }) => [name, Number(typed[name])])) as unknown as SegmentRules;
    change.mutate(given, {
      onSuccess: () => {
        toast("The segments are counted with the new thresholds.");
        onClose();
      },
    });
  };
  const footer = (
    <>
      <Button onClick={onClose}>{text.common.cancel}</Button>
      <Button type="submit" form={form} variant="primary" busy={change.isPending}>
        Save and count
      </Button>
    </>
  );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Thresholds of the segments" description="All in days. They hold for everybody in this project." footer={footer}>
      <Form id={form} onSubmit={submit}>
        <FormRow>
          {FIELDS.map(({ name, label, hint, most }) => (
            <Field key={name} label={label} hint={hint} error={problem?.field(name)}>
              {(ids) => <Input {...ids} type="number" required min={1} max={most} step={1} value={typed[name]} onChange={(event) => setTyped({ ...typed, [name]: event.target.value })} />}
            </Field>
          ))}
        </FormRow>
        {problem && problem.fields.length === 0 && (
          <p role="alert" className={styles.error}>
            {problem.message}
          </p>
        )}
      </Form>
    </Dialog>
  );
}
