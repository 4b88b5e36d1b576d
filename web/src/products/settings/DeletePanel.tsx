import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { useDeleteProject, type Project } from "@/api";
import { Button, ConfirmDialog, Panel, toast } from "@/design";
import { text } from "@/text";

import styles from "./Settings.module.css";

export function DeletePanel({ project }: { project: Project }) {
  const [asking, setAsking] = useState(false);
  const remove = useDeleteProject(project.id);
  const navigate = useNavigate();
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        toast(text.project.deleted(project.name));
        void navigate({ to: "/", search: { project: undefined } });
      },
    });
  return (
    <Panel title={text.project.dangerTitle} className={styles.danger}>
      <div className={styles.line}>
        <p className={styles.words}>{text.project.dangerText}</p>
        <Button variant="dangerQuiet" onClick={() => setAsking(true)}>
          {text.project.delete}
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={text.project.deleteTitle(project.name)}
        description={text.project.dangerText}
        action={text.project.delete}
        typeToConfirm={project.name}
        busy={remove.isPending}
        error={remove.error?.message}
        onConfirm={confirm}
      />
    </Panel>
  );
}
