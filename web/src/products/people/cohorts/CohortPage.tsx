import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ChartLine, Ellipsis, Pencil, RotateCw, Trash2, UserPlus } from "lucide-react";
import { useState } from "react";

import { useCalculateCohort, useChangeCohort, useCohort, useDeleteCohort, type CohortView } from "@/api/audiences";
import { useProject } from "@/app/project";
import { maySave } from "@/app/roles";
import { Button, Card, ConfirmDialog, IconButton, Menu, MenuItem, Notice, Page, Panel, panelState, toast } from "@/design";
import { formatNumber } from "@/lib/numbers";

import { cohortFilters } from "../shared/cohortFilter";
import { Fact } from "../shared/Fact";
import styles from "../shared/People.module.css";
import { sayFailure } from "../shared/sayFailure";
import { StarButton } from "../shared/StarButton";
import { TagList } from "../shared/TagList";
import { useAudienceNames } from "../shared/useAudienceNames";
import { CohortPeople } from "./CohortPeople";
import { Calculated } from "./CohortsPage";
import { CohortVersions } from "./CohortVersions";
import { MembersDialog } from "./MembersDialog";
import { meaningOf } from "./words";

/** One cohort: who is meant, how many they are, and who they are. */
export default function CohortPage() {
  const project = useProject();
  const { cohort: id = "" } = useParams({ strict: false }) as { cohort?: string };
  const cohort = useCohort(project.id, Number(id));
  if (cohort.data) return <Found cohort={cohort.data} />;
  return (
    <Page title="Cohort">
      <Panel title="Who is in it" state={panelState(cohort)} />
    </Page>
  );
}

function Found({ cohort }: { readonly cohort: CohortView }) {
  const { timezone } = useProject();
  const names = useAudienceNames();
  const [adds, setAdds] = useState(false);
  return (
    <Page title={cohort.name} description={cohort.description || undefined} actions={<Actions cohort={cohort} onAdd={() => setAdds(true)} />}>
      {cohort.error && <Notice tone="bad">It could not be worked out the last time: {cohort.error}</Notice>}
      <Card flush>
        <dl className={styles.facts}>
          <Fact name="People" figure value={formatNumber(cohort.size)} />
          <Fact name="Kind" value={cohort.kind === "dynamic" ? "Rule" : "List"} />
          <Fact name="Worked out" value={<Calculated cohort={cohort} timezone={timezone} />} />
          <Fact name="Owner" value={cohort.owner ?? "Nobody"} />
          {cohort.tags.length > 0 && <Fact name="Tags" value={<TagList tags={cohort.tags} />} />}
        </dl>
        <p className={styles.meaning}>{meaningOf(cohort, names)}</p>
      </Card>
      <CohortPeople cohort={cohort} />
      {cohort.kind === "dynamic" && cohort.version > 1 && <CohortVersions cohort={cohort} />}
      {adds && <MembersDialog cohort={cohort} onClose={() => setAdds(false)} />}
    </Page>
  );
}

function Actions({ cohort, onAdd }: { readonly cohort: CohortView; readonly onAdd: () => void }) {
  const project = useProject();
  const navigate = useNavigate();
  const [deletes, setDeletes] = useState(false);
  const change = useChangeCohort(project.id);
  const calculate = useCalculateCohort(project.id);
  const editable = maySave(project);
  const recalculate = () => calculate.mutate(cohort.id, { onSuccess: ({ size }) => toast(`${formatNumber(size)} people are in it.`), onError: sayFailure });
  return (
    <>
      <StarButton name={cohort.name} starred={cohort.is_favourite} onChange={(is_favourite) => change.mutate({ id: cohort.id, is_favourite }, { onError: sayFailure })} />
      <Link to="/trends" search={cohortFilters(cohort.id) as never} className={styles.buttonLink}>
        <ChartLine size={16} aria-hidden="true" />
        Use in Trends
      </Link>
      {editable && cohort.kind === "dynamic" && (
        <Button icon={<RotateCw size={16} />} busy={calculate.isPending || cohort.calculating} onClick={recalculate}>
          Count anew
        </Button>
      )}
      {editable && cohort.kind === "static" && (
        <Button icon={<UserPlus size={16} />} onClick={onAdd}>
          Add or remove
        </Button>
      )}
      {editable && (
        <Menu align="end" trigger={<IconButton label="More for this cohort" icon={<Ellipsis size={16} />} />}>
          <MenuItem icon={<Pencil size={16} />} onSelect={() => void navigate({ to: "/cohorts/$cohort/edit", params: { cohort: String(cohort.id) } })}>
            Edit
          </MenuItem>
          <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => setDeletes(true)}>
            Delete
          </MenuItem>
        </Menu>
      )}
      {deletes && <DeleteDialog cohort={cohort} onClose={() => setDeletes(false)} />}
    </>
  );
}

function DeleteDialog({ cohort, onClose }: { readonly cohort: CohortView; readonly onClose: () => void }) {
  const project = useProject();
  const navigate = useNavigate();
  const { deletion, left } = useDeleteCohort(project.id, cohort.id);
  const confirm = () =>
    deletion.mutate(undefined, {
      onSuccess: () => {
        toast(`${cohort.name} is deleted.`);
        void navigate({ to: "/cohorts" }).then(left);
      },
    });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Delete the cohort “${cohort.name}”?`}
      description="The people stay. Reports and insights that filter by this cohort will warn that it is gone."
      action="Delete cohort"
      busy={deletion.isPending || deletion.isSuccess}
      error={deletion.error?.message}
      onConfirm={confirm}
    />
  );
}
