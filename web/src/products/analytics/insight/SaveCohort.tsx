import { useState } from "react";

import { ApiError, useSavePeople, type PeopleSource } from "@/api";
import { useProject } from "@/app/project";
import { Button, Field, Input, toast } from "@/design";

import { fittingName, LONGEST_NAME } from "./names";
import styles from "./PeopleDialog.module.css";

interface SaveCohortProps {
  readonly source: PeopleSource;
  readonly suggestion: string;
  readonly onDone: () => void;
}

/** Keeps everybody behind the number as a list, whatever is searched for at the moment. */
export function SaveCohort({ source, suggestion, onDone }: SaveCohortProps) {
  const project = useProject();
  const [name, setName] = useState(fittingName(suggestion));
  const save = useSavePeople(project.id);
  const problem = save.error instanceof ApiError ? save.error : null;
  return (
    <form
      className={styles.save}
      onSubmit={(event) => {
        event.preventDefault();
        const done = () => {
          toast(`The cohort ${name.trim()} is saved.`);
          onDone();
        };
        save.mutate({ name: name.trim(), kind: "static", people: source }, { onSuccess: done });
      }}
    >
      <Field label="Name of the cohort" hint="A list of these people as they are now; it does not change by itself." error={problem?.field("name")}>
        {(ids) => <Input {...ids} required autoFocus maxLength={LONGEST_NAME} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Button type="submit" variant="primary" busy={save.isPending} disabled={!name.trim()}>
        Save cohort
      </Button>
      {save.error && !problem?.field("name") && (
        <p role="alert" className={styles.problem}>
          {[problem?.message ?? "The cohort could not be saved.", problem?.hint].filter(Boolean).join(" ")}
        </p>
      )}
    </form>
  );
}
