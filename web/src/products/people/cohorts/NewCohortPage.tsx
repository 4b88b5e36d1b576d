import { useNavigate } from "@tanstack/react-router";

import { useCreateCohort, type MadeCohort, type NewCohort } from "@/api/audiences";
import { useProject } from "@/app/project";
import { maySave } from "@/app/roles";
import { NoAccess, Page, toast } from "@/design";
import { formatNumber } from "@/lib/numbers";

import { CohortForm, type CohortWords } from "./CohortForm";
import { readIds } from "./StaticPeople";

export default function NewCohortPage() {
  const project = useProject();
  const navigate = useNavigate();
  const create = useCreateCohort(project.id);
  const open = (made: MadeCohort) => {
    toast(`${made.name} is saved${made.size === null ? "." : `: ${formatNumber(made.size)} ${made.size === 1 ? "person" : "people"}.`}`);
    if (made.unknown_ids > 0) toast(`${formatNumber(made.unknown_ids)} of the ids belong to nobody.`, "bad");
    void navigate({ to: "/cohorts/$cohort", params: { cohort: String(made.id) } });
  };
  return (
    <Page title="New cohort" description="By a rule, it keeps itself up to date; by a list, it changes only by hand." width="reading">
      {maySave(project) ? (
        <CohortForm busy={create.isPending} error={create.error} onSubmit={(words) => create.mutate(newCohort(words), { onSuccess: open })} onCancel={() => void navigate({ to: "/cohorts" })} />
      ) : (
        <NoAccess detail="Viewers can look at cohorts; analysts can make them." />
      )}
    </Page>
  );
}

function newCohort({ people, definition, ...words }: CohortWords): NewCohort {
  if (words.kind === "dynamic") return { ...words, definition: definition ?? {} };
  if (people?.file) return { ...words, csv: people.file.text };
  return { ...words, distinct_ids: readIds(people?.pasted ?? "") };
}
