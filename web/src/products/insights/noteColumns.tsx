import { Pencil, Trash2 } from "lucide-react";

import type { Note } from "@/api/annotations";
import { IconButton, type TableColumn } from "@/design";
import { formatDate, formatDateTime } from "@/lib/times";
import styles from "@/products/people/shared/People.module.css";

interface Deeds {
  readonly editable: boolean;
  readonly timezone: string;
  readonly onEdit: (note: Note) => void;
  readonly onDelete: (note: Note) => void;
}

const IS_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A date as its day, a moment with its time. */
export function whenOf(note: Pick<Note, "date" | "at">, timezone: string): string {
  return IS_DAY.test(note.date) ? formatDate(note.at, timezone) : formatDateTime(note.at, timezone);
}

export function noteColumns({ editable, timezone, onEdit, onDelete }: Deeds): TableColumn<Note>[] {
  const columns: TableColumn<Note>[] = [
    { key: "when", header: "When", nowrap: true, width: "150px", cell: (note) => whenOf(note, timezone) },
    { key: "text", header: "Annotation", cell: (note) => <TextCell note={note} /> },
    { key: "owner", header: "By", wideOnly: true, cell: (note) => note.owner?.name ?? "A key" },
  ];
  if (!editable) return columns;
  const tools: TableColumn<Note> = {
    key: "tools",
    header: <span className="visually-hidden">Edit and delete</span>,
    width: "80px",
    cell: (note) => (
      <span className={styles.tools}>
        <IconButton data-row="" label={`Edit: ${note.text}`} icon={<Pencil size={16} />} onClick={() => onEdit(note)} />
        <IconButton label={`Delete: ${note.text}`} icon={<Trash2 size={16} />} onClick={() => onDelete(note)} />
      </span>
    ),
  };
  return [...columns, tools];
}

function TextCell({ note }: { readonly note: Note }) {
  return (
    <div className={styles.named}>
      <span>{note.text}</span>
      {note.scope === "insight" && <span className={styles.quiet}>On one insight only</span>}
    </div>
  );
}
