import { useId, useState } from "react";

import { ApiError } from "@/api";
import { useChangeMembers, type CohortView } from "@/api/audiences";
import { useProject } from "@/app/project";
import { Button, Dialog, Field, Form, SegmentedControl, toast } from "@/design";
import { formatNumber } from "@/lib/numbers";
import { text } from "@/text";

import styles from "../shared/People.module.css";
import { readIds } from "./StaticPeople";

const DEEDS = [
  { value: "add", label: "Add" },
  { value: "remove", label: "Remove" },
] as const;

/** Adds people to a list, or takes people out, by their ids. */
export function MembersDialog({ cohort, onClose }: { readonly cohort: CohortView; readonly onClose: () => void }) {
  const project = useProject();
  const form = useId();
  const [deed, setDeed] = useState<"add" | "remove">("add");
  const [pasted, setPasted] = useState("");
  const change = useChangeMembers(project.id, cohort.id);
  const ids = readIds(pasted);
  const problem = change.error instanceof ApiError ? change.error : null;
  const submit = () =>
    change.mutate(
      { [deed]: ids },
      {
        onSuccess: ({ size, unknown_ids }) => {
          toast(`${formatNumber(size)} people are on the list now.`);
          if (unknown_ids > 0) toast(`${formatNumber(unknown_ids)} of the ids belong to nobody.`, "bad");
          onClose();
        },
      },
    );
  const footer = (
    <>
      <Button onClick={onClose}>{text.common.cancel}</Button>
      <Button type="submit" form={form} variant="primary" busy={change.isPending} disabled={ids.length === 0}>
        {deed === "add" ? "Add people" : "Remove people"}
      </Button>
    </>
  );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={`People of ${cohort.name}`} footer={footer}>
      <Form id={form} onSubmit={submit}>
        <SegmentedControl label="What to do" value={deed} options={DEEDS} onChange={setDeed} />
        <Field label="Distinct ids" optional="one per line" hint={ids.length > 0 ? `${formatNumber(ids.length)} ${ids.length === 1 ? "id" : "ids"}` : undefined} error={problem?.fields[0]?.message ?? problem?.message ?? change.error?.message}>
          {(controls) => <textarea {...controls} className={styles.area} spellCheck={false} value={pasted} onChange={(event) => setPasted(event.target.value)} />}
        </Field>
      </Form>
    </Dialog>
  );
}
