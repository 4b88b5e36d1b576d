import { Plus } from "lucide-react";
import { useState } from "react";

import { useAllNotes, type Note } from "@/api/annotations";
import { useProject } from "@/app/project";
import { maySave } from "@/app/roles";
import { Button, Page, Panel, panelState, Table } from "@/design";
import { useListKeys } from "@/lib/useListKeys";
import styles from "@/products/people/shared/People.module.css";
import { ShowMore } from "@/products/people/shared/ShowMore";

import { DeleteNoteDialog } from "./DeleteNoteDialog";
import { NoteDialog } from "./NoteDialog";
import { noteColumns } from "./noteColumns";

/** Notes at a moment: a release, a campaign, an outage. Charts of the project show them. */
export default function AnnotationsPage() {
  const project = useProject();
  const notes = useAllNotes(project.id);
  const [edited, setEdited] = useState<Note | "new" | null>(null);
  const [deleted, setDeleted] = useState<Note | null>(null);
  const list = useListKeys();
  // The server lists them in order of time; what happened last matters most.
  const rows = notes.data ? notes.data.pages.flatMap((page) => page.items).reverse() : [];
  const add = maySave(project) && (
    <Button variant="primary" icon={<Plus size={16} />} onClick={() => setEdited("new")}>
      New annotation
    </Button>
  );
  const empty = { kind: "empty", why: "nothing-yet", title: "No annotations yet", text: "Note a release, a campaign or an outage, and every chart over that time shows it.", action: add } as const;
  const columns = noteColumns({ editable: maySave(project), timezone: project.timezone, onEdit: setEdited, onDelete: setDeleted });
  return (
    <Page title="Annotations" description="Moments worth knowing when you look at a chart." actions={rows.length > 0 && add} width="reading">
      <Panel title="Annotations of this project" state={panelState(notes, { empty: rows.length === 0 && empty })} flush={rows.length > 0}>
        <div ref={list} className={styles.list}>
          <Table caption="Annotations" columns={columns} rows={rows} rowKey={({ id }) => String(id)} />
        </div>
        <ShowMore query={notes} />
      </Panel>
      {edited && <NoteDialog note={edited === "new" ? undefined : edited} onClose={() => setEdited(null)} />}
      {deleted && <DeleteNoteDialog note={deleted} onClose={() => setDeleted(null)} />}
    </Page>
  );
}
