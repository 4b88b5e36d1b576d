import type { KeepIp } from "@/api";
import { Field, Form, FormRow, Panel, Select } from "@/design";

import type { ProjectPanelProps } from "./GeneralPanel";
import { SaveButton } from "./SaveButton";
import { useProjectForm } from "./useProjectForm";
import { words } from "./words";

const KEEP_IP: readonly { value: KeepIp; label: string }[] = [
  { value: "drop", label: words.project.keepIpDrop },
  { value: "truncate", label: words.project.keepIpTruncate },
  { value: "keep", label: words.project.keepIpKeep },
];
const RETENTION_DAYS: readonly (number | null)[] = [null, 30, 90, 180, 365, 730, 1095, 1825];
const FOR_EVER = "forever";

export function PrivacyPanel({ project, editable }: ProjectPanelProps) {
  const form = useProjectForm(project, ["retention_days", "keep_ip"]);
  const days = form.values.retention_days;
  return (
    <Panel title={words.project.privacy}>
      <Form onSubmit={form.save}>
        <FormRow>
          <Field label={words.project.retention} hint={words.project.retentionHint} error={form.fieldError("retention_days")}>
            {(ids) => (
              <Select
                {...ids}
                disabled={!editable}
                value={days === null ? FOR_EVER : String(days)}
                options={retentionOptions(project.retention_days)}
                onChange={(value) => form.change("retention_days", value === FOR_EVER ? null : Number(value))}
              />
            )}
          </Field>
          <Field label={words.project.keepIp} hint={words.project.keepIpHint} error={form.fieldError("keep_ip")}>
            {(ids) => <Select {...ids} disabled={!editable} value={form.values.keep_ip} options={KEEP_IP} onChange={(value) => form.change("keep_ip", value)} />}
          </Field>
        </FormRow>
        {editable && <SaveButton {...form} />}
      </Form>
    </Panel>
  );
}

/** A figure set by the API stays in the list, so that saving the form does not change it unseen. */
function retentionOptions(present: number | null) {
  const days = [...new Set([...RETENTION_DAYS, present])].sort((one, other) => (one ?? Infinity) - (other ?? Infinity));
  return days.map((count) => (count === null ? { value: FOR_EVER, label: words.project.retentionForever } : { value: String(count), label: words.project.retentionDays(count) }));
}
