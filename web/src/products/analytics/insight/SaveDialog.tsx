import { useId, useState } from "react";

import { ApiError, useChangeInsight, useCreateInsight, type Insight } from "@/api";
import { useProject } from "@/app/project";
import { Button, Dialog, Field, Form, Input, toast } from "@/design";
import { text } from "@/text";

import { fittingName, LONGEST_NAME } from "./names";
import styles from "./SaveBar.module.css";

interface SaveDialogProps {
  /** The one to rename; without it a new one is made. */
  readonly insight?: Insight | undefined;
  readonly query: object;
  /** How the answer is shown. */
  readonly display: object;
  readonly suggestion: string;
  readonly onSaved: (insight: Insight) => void;
  readonly onClose: () => void;
}

/** A name, and words and tags to find it by. */
export function SaveDialog({ insight, query, display, suggestion, onSaved, onClose }: SaveDialogProps) {
  const project = useProject();
  const create = useCreateInsight(project.id);
  const rename = useChangeInsight(project.id);
  const [name, setName] = useState(insight?.name ?? fittingName(suggestion));
  const [description, setDescription] = useState(insight?.description ?? "");
  const [tags, setTags] = useState((insight?.tags ?? []).join(", "));
  const form = useId();
  const failure = create.error ?? rename.error;
  const problem = failure instanceof ApiError ? failure : null;
  const submit = () => {
    const words = { name: name.trim(), description: description.trim(), tags: readTags(tags) };
    const done = (saved: Insight) => {
      toast(insight ? "The insight is renamed." : `${saved.name} is saved.`);
      onSaved(saved);
      onClose();
    };
    if (insight) rename.mutate({ id: insight.id, ...words }, { onSuccess: done });
    else create.mutate({ ...words, query, display }, { onSuccess: done });
  };
  const footer = (
    <>
      <Button onClick={onClose}>{text.common.cancel}</Button>
      <Button variant="primary" type="submit" form={form} busy={create.isPending || rename.isPending} disabled={!name.trim()}>
        {insight ? "Rename" : "Save insight"}
      </Button>
    </>
  );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={insight ? "Rename insight" : "Save insight"} description={insight ? undefined : "Everybody in this project can open it. “Last 30 days” stays the last thirty days, whenever it is opened."} footer={footer}>
      <Form id={form} onSubmit={submit}>
        <Field label="Name" error={problem?.field("name")}>
          {(ids) => <Input {...ids} required autoFocus maxLength={LONGEST_NAME} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label="Description" optional={text.common.optional} error={problem?.field("description")}>
          {(ids) => <Input {...ids} maxLength={1000} value={description} onChange={(event) => setDescription(event.target.value)} />}
        </Field>
        <Field label="Tags" optional={text.common.optional} hint="Separated by commas" error={problem?.field("tags")}>
          {(ids) => <Input {...ids} value={tags} onChange={(event) => setTags(event.target.value)} />}
        </Field>
        {failure && !(problem?.fields.length ?? 0) && (
          <p role="alert" className={styles.error}>
            {[problem?.message ?? "It could not be saved.", problem?.hint].filter(Boolean).join(" ")}
          </p>
        )}
      </Form>
    </Dialog>
  );
}

export function readTags(tags: string): string[] {
  return [...new Set(tags.split(",").map((tag) => tag.trim()).filter(Boolean))];
}
