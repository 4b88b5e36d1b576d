import { useNavigate } from "@tanstack/react-router";
import { Merge, Split } from "lucide-react";
import { useId, useState } from "react";

import { ApiError } from "@/api";
import { useChangeIdentity, type Person } from "@/api/persons";
import { useProject } from "@/app/project";
import { maySave } from "@/app/roles";
import { Button, ConfirmDialog, CopyButton, Dialog, Field, Form, Input, Panel, toast } from "@/design";
import { formatDateTime } from "@/lib/times";
import { text } from "@/text";

import styles from "./Person.module.css";

const SHOWN = 6;

/** What clients call the person. What a merge brought in can be split off, and another person be merged in. */
export function PersonIds({ person }: { readonly person: Person }) {
  const project = useProject();
  const editable = maySave(project);
  const [all, setAll] = useState(false);
  const [split, setSplit] = useState<string | null>(null);
  const [merges, setMerges] = useState(false);
  const { distinct_ids: ids } = person;
  const byId = new Map(person.merges.map((merge) => [merge.distinct_id, merge]));
  const merge = editable && (
    <Button variant="ghost" icon={<Merge size={16} />} aria-label="Merge in another person" onClick={() => setMerges(true)}>
      Merge in
    </Button>
  );
  return (
    <Panel title={`Distinct ids (${ids.length})`} actions={merge}>
      <ul className={styles.ids}>
        {(all ? ids : ids.slice(0, SHOWN)).map((id) => {
          const merged = byId.get(id);
          return (
            <li key={id}>
              <span className={styles.id}>
                <code>{id}</code>
                {merged && <span className={styles.quiet}>Merged {formatDateTime(merged.merged_at, project.timezone)}</span>}
              </span>
              {merged && editable && (
                <Button variant="ghost" icon={<Split size={16} />} aria-label={`Split off ${id}`} onClick={() => setSplit(id)}>
                  Split off
                </Button>
              )}
              <CopyButton value={id} />
            </li>
          );
        })}
      </ul>
      {ids.length > SHOWN && (
        <Button variant="ghost" onClick={() => setAll(!all)}>
          {all ? "Show fewer" : `Show all ${ids.length}`}
        </Button>
      )}
      {split !== null && <SplitDialog person={person} id={split} onClose={() => setSplit(null)} />}
      {merges && <MergeDialog person={person} onClose={() => setMerges(false)} />}
    </Panel>
  );
}

function SplitDialog({ person, id, onClose }: { readonly person: Person; readonly id: string; readonly onClose: () => void }) {
  const project = useProject();
  const navigate = useNavigate();
  const split = useChangeIdentity(project.id, person.person, "splits");
  const confirm = () =>
    split.mutate(id, {
      onSuccess: ({ person: number }) => {
        toast(`${id} is a person of its own again.`);
        onClose();
        void navigate({ to: "/people/$person", params: { person: String(number) } });
      },
    });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      danger={false}
      title={`Split ${id} off?`}
      description={`${id}, and what had been merged into it, becomes a person of its own again: with all its events, back to the first, and the profile it had before. What ${person.name} learned in the merge stays. Every report counts two people from then on.`}
      action="Split off"
      busy={split.isPending}
      error={split.error?.message}
      onConfirm={confirm}
    />
  );
}

function MergeDialog({ person, onClose }: { readonly person: Person; readonly onClose: () => void }) {
  const project = useProject();
  const form = useId();
  const [id, setId] = useState("");
  const merge = useChangeIdentity(project.id, person.person, "merges");
  const problem = merge.error instanceof ApiError ? merge.error : null;
  const submit = () =>
    merge.mutate(id.trim(), {
      onSuccess: () => {
        toast(`${id.trim()} is ${person.name} now.`);
        onClose();
      },
    });
  const footer = (
    <>
      <Button onClick={onClose}>{text.common.cancel}</Button>
      <Button variant="primary" type="submit" form={form} busy={merge.isPending} disabled={!id.trim()}>
        Merge
      </Button>
    </>
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Merge another person into ${person.name}`}
      description={`All events of the other person, back to the first, count as ${person.name}’s from now on. Where both have a property, ${person.name}’s stays. It can be undone: split the id off again.`}
      footer={footer}
    >
      <Form id={form} onSubmit={submit}>
        <Field label="Distinct id of the other person" error={merge.error && (problem?.field("distinct_id") ?? [merge.error.message, problem?.hint].filter(Boolean).join(" "))}>
          {(ids) => <Input {...ids} mono autoFocus required value={id} onChange={(event) => setId(event.target.value)} />}
        </Field>
      </Form>
    </Dialog>
  );
}
