import { useId, useState } from "react";

import { ApiError } from "@/api";
import { useSaveNote, type Note } from "@/api/annotations";
import { useProject } from "@/app/project";
import { Button, Dialog, Field, Form, Input, Switch, toast } from "@/design";
import { text } from "@/text";
import styles from "@/products/people/shared/People.module.css";

interface NoteDialogProps {
  /** The one that is changed; without it one is made. */
  readonly note?: Note | undefined;
  /** The day or moment a new one is about: 2026-01-31. */
  readonly at?: string | undefined;
  /** The saved insight from which it is written; a new note may be of it alone. */
  readonly insight?: number | undefined;
  readonly onClose: () => void;
}

/** A note at a day. One of a moment keeps it as long as the day stays. */
export function NoteDialog({ note, at, insight, onClose }: NoteDialogProps) {
  const project = useProject();
  const form = useId();
  const moment = note?.date ?? at ?? today(project.timezone);
  const before = moment.slice(0, 10);
  const [date, setDate] = useState(before);
  const [isOfInsight, setIsOfInsight] = useState(false);
  const [words, setWords] = useState(note?.text ?? "");
  const save = useSaveNote(project.id);
  const problem = save.error instanceof ApiError ? save.error : null;
  const submit = () => {
    const given = { text: words.trim(), date: date === before ? moment : date, ...(isOfInsight ? { scope: "insight" as const, insight_id: insight } : {}) };
    save.mutate(
      { id: note?.id, ...given },
      {
        onSuccess: () => {
          toast(note ? "The annotation is changed." : "The annotation is saved.");
          onClose();
        },
      },
    );
  };
  const footer = (
    <>
      <Button onClick={onClose}>{text.common.cancel}</Button>
      <Button type="submit" form={form} variant="primary" busy={save.isPending} disabled={!words.trim() || !date}>
        {note ? text.common.saveChanges : "Save annotation"}
      </Button>
    </>
  );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={note ? "Edit annotation" : "New annotation"} footer={footer}>
      <Form id={form} onSubmit={submit}>
        <Field label="What happened" error={problem?.field("text")}>
          {(ids) => <Input {...ids} autoFocus required maxLength={2000} value={words} onChange={(event) => setWords(event.target.value)} />}
        </Field>
        <Field label="Day" hint={moment === before ? `In ${project.timezone}` : `At ${timeOf(moment)}, unless you choose another day`} error={problem?.field("date")}>
          {(ids) => <Input {...ids} type="date" required value={date} onChange={(event) => setDate(event.target.value)} />}
        </Field>
        {!note && insight !== undefined && <Switch label="Only on this insight" checked={isOfInsight} onChange={setIsOfInsight} />}
        {save.error && !problem?.fields.length && (
          <p role="alert" className={styles.error}>
            {save.error.message}
          </p>
        )}
      </Form>
    </Dialog>
  );
}

/** The clock of a moment as it is written: 14:00. */
function timeOf(moment: string): string {
  return moment.slice(11, 16);
}

/** The day it is in the project's zone. */
function today(timeZone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone }).format(new Date());
}
