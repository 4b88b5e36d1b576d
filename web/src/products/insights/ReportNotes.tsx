import { useMemo, type ReactNode } from "react";

import { useNotes } from "@/api/annotations";
import { useProject } from "@/app/project";
import { ChartNotes } from "@/charts/notes";

import { wallTime } from "./wallTime";

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

/** Gives the charts below the notes of the time they show. */
export function ReportNotes({ answer, insight, children }: ReportNotesProps) {
  const project = useProject();
  const search = { from: answer?.date_from ?? undefined, to: answer?.date_to ?? undefined, insight_id: insight };
  const { data } = useNotes(project.id, search, Boolean(answer?.date_from));
  const zone = answer?.timezone ?? project.timezone;
  const notes = useMemo(() => (data?.items ?? []).map((note) => ({ at: wallTime(note, zone), text: note.text })), [data, zone]);
  return <ChartNotes value={notes}>{children}</ChartNotes>;
}
