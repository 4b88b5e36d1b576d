import { useDeleteNote, type Note } from "@/api/annotations";
import { useProject } from "@/app/project";
import { ConfirmDialog, toast } from "@/design";

interface DeleteNoteDialogProps {
  readonly note: Note;
  readonly onClose: () => void;
}

export function DeleteNoteDialog({ note, onClose }: DeleteNoteDialogProps) {
  const project = useProject();
  const remove = useDeleteNote(project.id);
  const done = () => {
    toast("The annotation is deleted.");
    onClose();
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Delete this annotation?"
      description={`“${note.text}” goes from every chart.`}
      action="Delete annotation"
      busy={remove.isPending}
      error={remove.error?.message}
      onConfirm={() => remove.mutate(note.id, { onSuccess: done })}
    />
  );
}
