import { useNavigate } from "@tanstack/react-router";
import { useId, useState } from "react";

import { ApiError, useCreateProject } from "@/api";
import { Button, Combobox, Dialog, Field, Form, Input, toast } from "@/design";
import { detectedTimeZone, timeZoneOptions } from "@/lib/timeZones";
import { text } from "@/text";

interface NewProjectDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function NewProjectDialog({ open, onOpenChange }: NewProjectDialogProps) {
  const formId = useId();
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={text.newProject.title}
      description={text.newProject.description}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{text.common.cancel}</Button>
          <Button variant="primary" type="submit" form={formId} busy={busy}>
            {text.newProject.create}
          </Button>
        </>
      }
    >
      <NewProjectForm id={formId} onBusy={setBusy} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function NewProjectForm({ id, onBusy, onDone }: { id: string; onBusy: (busy: boolean) => void; onDone: () => void }) {
  const [name, setName] = useState("");
  const [timezone, setTimezone] = useState(detectedTimeZone);
  const create = useCreateProject();
  const navigate = useNavigate();
  const error = create.error instanceof ApiError ? create.error : null;
  const submit = async () => {
    onBusy(true);
    const project = await create.mutateAsync({ name: name.trim(), timezone }).catch(() => null);
    onBusy(false);
    if (!project) return;
    toast(text.newProject.created(project.name));
    onDone();
    void navigate({ to: "/install", search: { project: project.id } });
  };
  return (
    <Form id={id} onSubmit={() => void submit()}>
      <Field label={text.newProject.name} error={error && (error.field("name") ?? error.message)}>
        {(ids) => <Input {...ids} required autoFocus maxLength={120} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label={text.newProject.timezone}>{(ids) => <Combobox {...ids} value={timezone} options={timeZoneOptions()} onChange={setTimezone} />}</Field>
    </Form>
  );
}
