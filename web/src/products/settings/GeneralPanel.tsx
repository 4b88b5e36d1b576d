import type { Project, WeekStart } from "@/api";
import { Combobox, Field, Form, FormRow, Input, Panel, Select } from "@/design";
import { timeZoneOptions } from "@/lib/timeZones";

import { SaveButton } from "./SaveButton";
import { useProjectForm } from "./useProjectForm";
import { words } from "./words";

const WEEK_STARTS: readonly { value: WeekStart; label: string }[] = [
  { value: "monday", label: words.project.monday },
  { value: "sunday", label: words.project.sunday },
];

export interface ProjectPanelProps {
  project: Project;
  editable: boolean;
}

export function GeneralPanel({ project, editable }: ProjectPanelProps) {
  const form = useProjectForm(project, ["name", "timezone", "week_start"]);
  return (
    <Panel title={words.project.general}>
      <Form onSubmit={form.save}>
        <Field label={words.project.name} error={form.fieldError("name")}>
          {(ids) => <Input {...ids} required maxLength={120} disabled={!editable} value={form.values.name} onChange={(event) => form.change("name", event.target.value)} />}
        </Field>
        <FormRow>
          <Field label={words.project.timezone} hint={words.project.timezoneHint} error={form.fieldError("timezone")}>
            {(ids) => <Combobox {...ids} disabled={!editable} value={form.values.timezone} options={timeZoneOptions()} onChange={(zone) => form.change("timezone", zone)} />}
          </Field>
          <Field label={words.project.weekStart} error={form.fieldError("week_start")}>
            {(ids) => <Select {...ids} disabled={!editable} value={form.values.week_start} options={WEEK_STARTS} onChange={(day) => form.change("week_start", day)} />}
          </Field>
        </FormRow>
        {editable && <SaveButton {...form} />}
      </Form>
    </Panel>
  );
}
