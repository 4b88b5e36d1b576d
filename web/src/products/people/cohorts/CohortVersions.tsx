import { useChangeCohort, useCohortVersions, type CohortView, type OldDefinition } from "@/api/audiences";
import { useProject } from "@/app/project";
import { maySave } from "@/app/roles";
import { Button, Panel, panelState, Table, toast, type TableColumn } from "@/design";
import { formatDateTime } from "@/lib/times";

import styles from "../shared/People.module.css";
import { sayFailure } from "../shared/sayFailure";
import { ShowMore } from "../shared/ShowMore";
import { useAudienceNames } from "../shared/useAudienceNames";
import { meaningOf } from "./words";

/** The rules it had before; each can be taken back. */
export function CohortVersions({ cohort }: { readonly cohort: CohortView }) {
  const project = useProject();
  const versions = useCohortVersions(project.id, cohort.id);
  const change = useChangeCohort(project.id);
  const names = useAudienceNames();
  const restore = ({ definition, version }: OldDefinition) => change.mutate({ id: cohort.id, definition }, { onSuccess: () => toast(`Version ${version} is the rule again.`), onError: sayFailure });
  const columns: TableColumn<OldDefinition>[] = [
    { key: "version", header: "Version", numeric: true, width: "72px", cell: ({ version }) => version },
    { key: "rule", header: "Rule", cell: ({ definition }) => <span className={styles.clip}>{meaningOf({ definition, meaning: JSON.stringify(definition) }, names)}</span> },
    { key: "until", header: "Held until", wideOnly: true, nowrap: true, cell: ({ replaced_at }) => formatDateTime(replaced_at, project.timezone) },
  ];
  if (maySave(project)) {
    columns.push({
      key: "restore",
      header: <span className="visually-hidden">Take back</span>,
      width: "100px",
      cell: (old) => (
        <Button aria-label={`Take back version ${old.version}`} busy={change.isPending} onClick={() => restore(old)}>
          Take back
        </Button>
      ),
    });
  }
  return (
    <Panel title="Rules it had before" state={panelState(versions)} flush>
      <Table caption="Versions of the rule" columns={columns} rows={versions.data?.pages.flatMap((page) => page.items) ?? []} rowKey={({ version }) => String(version)} />
      <ShowMore query={versions} />
    </Panel>
  );
}
