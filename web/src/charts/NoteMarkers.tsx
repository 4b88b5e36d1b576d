import { Plus } from "lucide-react";
import { useRef, useState, type SyntheticEvent } from "react";

import { Button, Popover } from "@/design";

import type { Plot } from "./ChartCanvas";
import styles from "./Chart.module.css";
import { formatBucketLong } from "./dates";
import { noteMoment, type NoteDeeds } from "./notes";
import type { Annotation, ChartSpec } from "./spec";

const stop = (event: SyntheticEvent) => event.stopPropagation();
/** What is done to a mark is not done to the chart. */
const KEPT = { onPointerDown: stop, onPointerUp: stop, onKeyDown: stop };

interface PlacedProps {
  readonly spec: ChartSpec;
  readonly plot: Plot;
}

interface NoteMarkersProps extends PlacedProps {
  readonly notes: ReadonlyMap<number, readonly Annotation[]>;
  readonly deeds: NoteDeeds | undefined;
}

/** A mark above each bucket with a note; it opens what was noted. */
export function NoteMarkers({ spec, plot, notes, deeds }: NoteMarkersProps) {
  return [...notes].map(([index, own]) => (
    <span key={index} className={styles.noteMarker} style={{ left: plot.centre(index) }}>
      <NoteMark when={formatBucketLong(spec.labels[index] ?? "", spec.interval)} at={noteMoment(spec.labels[index] ?? "", spec.interval)} notes={own} deeds={deeds} />
    </span>
  ));
}

interface NoteMarkProps {
  readonly when: string;
  readonly at: string;
  readonly notes: readonly Annotation[];
  readonly deeds: NoteDeeds | undefined;
}

function NoteMark({ when, at, notes, deeds }: NoteMarkProps) {
  const [open, setOpen] = useState(false);
  const mark = useRef<HTMLButtonElement>(null);
  const texts = notes.map((note) => note.text);
  const leave = (deed: () => void) => {
    mark.current?.focus(); // so that a dialog gives the focus back to what is still there
    setOpen(false);
    deed();
  };
  const trigger = <button ref={mark} type="button" className={styles.noteButton} aria-label={`${when}: ${texts.join("; ")}`} title={texts.join("\n")} />;
  return (
    <span {...KEPT}>
      <Popover label={`Annotations of ${when}`} align="center" open={open} onOpenChange={setOpen} trigger={trigger}>
        <p className={styles.noteWhen}>{when}</p>
        {notes.map((note, place) => (
          <NoteLine key={note.id ?? `at ${place}`} note={note} deeds={deeds} onLeave={leave} />
        ))}
        {deeds && (
          <span className={styles.noteMore}>
            <Button variant="ghost" icon={<Plus size={16} />} onClick={() => leave(() => deeds.onAdd(at))}>
              Add note
            </Button>
          </span>
        )}
      </Popover>
    </span>
  );
}

interface NoteLineProps {
  readonly note: Annotation;
  readonly deeds: NoteDeeds | undefined;
  readonly onLeave: (deed: () => void) => void;
}

function NoteLine({ note: { id, text }, deeds, onLeave }: NoteLineProps) {
  return (
    <div className={styles.noteLine}>
      <p className={styles.noteText}>{text}</p>
      {deeds && id !== undefined && (
        <>
          <Button variant="ghost" aria-label={`Edit: ${text}`} onClick={() => onLeave(() => deeds.onEdit(id))}>
            Edit
          </Button>
          <Button variant="ghost" aria-label={`Delete: ${text}`} onClick={() => onLeave(() => deeds.onDelete(id))}>
            Delete
          </Button>
        </>
      )}
    </div>
  );
}

interface AddNoteMarkProps extends PlacedProps {
  readonly index: number;
  readonly onAdd: (index: number) => void;
}

/** Above the bucket that is looked at; for the mouse alone, as the keyboard has a key for it. */
export function AddNoteMark({ spec, plot, index, onAdd }: AddNoteMarkProps) {
  const label = `Add a note: ${formatBucketLong(spec.labels[index] ?? "", spec.interval)}`;
  return (
    <span {...KEPT} className={styles.addNote} style={{ left: plot.centre(index) }}>
      <button type="button" tabIndex={-1} className={styles.addNoteButton} aria-label={label} title={label} onClick={() => onAdd(index)}>
        <Plus size={14} aria-hidden="true" />
      </button>
    </span>
  );
}
