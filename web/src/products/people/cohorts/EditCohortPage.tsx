import { useNavigate, useParams } from "@tanstack/react-router";

import { useChangeCohort, useCohort } from "@/api/audiences";
import { useProject } from "@/app/project";
import { maySave } from "@/app/roles";
import { NoAccess, Page, Panel, panelState, toast } from "@/design";

import { CohortForm } from "./CohortForm";
import { isSameDefinition } from "./definition";

export default function EditCohortPage() {
  const project = useProject();
  const navigate = useNavigate();
  const { cohort: id = "" } = useParams({ strict: false }) as { cohort?: string };
  const cohort = useCohort(project.id, Number(id));
  const change = useChangeCohort(project.id);
  const leave = () => void navigate({ to: "/cohorts/$cohort", params: { cohort: id } });
  const found = cohort.data;
  return (
    <Page title={found ? `Edit ${found.name}` : "Edit cohort"} width="reading">
      {!found && <Panel title="Who is in it" state={panelState(cohort)} />}
      {found && !maySave(project) && <NoAccess detail="Viewers can look at cohorts; analysts can change them." />}
      {found && maySave(project) && (
        <CohortForm
          key={found.id}
          cohort={found}
          busy={change.isPending}
          error={change.error}
          onCancel={leave}
          onSubmit={({ name, description, tags, definition }) => {
            // The same rule again would be a version that says nothing new.
            const isNew = definition && !isSameDefinition(definition, found.definition);
            const words = { id: found.id, name, description, tags, ...(isNew ? { definition } : {}) };
            change.mutate(words, {
              onSuccess: () => {
                toast("The cohort is saved.");
                leave();
              },
            });
          }}
        />
      )}
    </Page>
  );
}
