import { useMemo, useState, type ReactNode } from "react";

import { useNotes, type Note } from "@/api/annotations";
import { useProject } from "@/app/project";
import { maySave } from "@/app/roles";
import { ChartNotes, type NotesBeside } from "@/charts/notes";

import { DeleteNoteDialog } from "./DeleteNoteDialog";
import { NoteDialog } from "./NoteDialog";
import { dayWithin, wallTime } from "./wallTime";

/** The stretch of time that an answer is about. */
interface Answered {
  readonly date_from: string | null;
  readonly date_to: string | null;
  readonly timezone: string;
}

interface ReportNotesProps {
  readonly answer: Answered | undefined;
  /** The saved insight that is open; it may have notes of its own. */
  readonly insight?: number | undefined;
  readonly children: ReactNode;
}

type Asked = { readonly deed: "add"; readonly at: string } | { readonly deed: "edit" | "delete"; readonly note: Note };

/** Gives the charts below the notes of the time they show, and lets those who may write them there. */
export function ReportNotes({ answer, insight, children }: ReportNotesProps) {
  const project = useProject();
  const [asked, setAsked] = useState<Asked | null>(null);
  const search = { from: answer?.date_from ?? undefined, to: answer?.date_to ?? undefined, insight_id: insight };
  const { data } = useNotes(project.id, search, Boolean(answer?.date_from));
  const zone = answer?.timezone ?? project.timezone;
  const from = answer?.date_from ?? null;
  const editable = maySave(project);
  const value = useMemo<NotesBeside>(() => {
    const items = data?.items ?? [];
    const ask = (deed: "edit" | "delete") => (id: number) => {
      const note = items.find((one) => one.id === id);
      if (note) setAsked({ deed, note });
    };
    return {
      notes: items.map((note) => ({ id: note.id, at: wallTime(note, zone), text: note.text })),
      deeds: editable ? { onAdd: (at) => setAsked({ deed: "add", at: dayWithin(at, from, zone) }), onEdit: ask("edit"), onDelete: ask("delete") } : undefined,
    };
  }, [data, zone, from, editable]);
  const close = () => setAsked(null);
  return (
    <ChartNotes value={value}>
      {children}
      {asked?.deed === "add" && <NoteDialog at={asked.at} insight={insight} onClose={close} />}
      {asked?.deed === "edit" && <NoteDialog note={asked.note} onClose={close} />}
      {asked?.deed === "delete" && <DeleteNoteDialog note={asked.note} onClose={close} />}
    </ChartNotes>
  );
}
