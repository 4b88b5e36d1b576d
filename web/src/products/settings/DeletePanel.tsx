import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { useDeleteProject, type Project } from "@/api";
import { Button, ConfirmDialog, Panel, toast } from "@/design";

import styles from "./Settings.module.css";
import { words } from "./words";

export function DeletePanel({ project }: { project: Project }) {
  const [asking, setAsking] = useState(false);
  const remove = useDeleteProject(project.id);
  const navigate = useNavigate();
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        toast(words.project.deleted(project.name));
        void navigate({ to: "/", search: { project: undefined } });
      },
    });
  return (
    <Panel title={words.project.dangerTitle} className={styles.danger}>
      <div className={styles.line}>
        <p className={styles.words}>{words.project.dangerText}</p>
        <Button variant="dangerQuiet" onClick={() => setAsking(true)}>
          {words.project.delete}
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={words.project.deleteTitle(project.name)}
        description={words.project.dangerText}
        action={words.project.delete}
        typeToConfirm={project.name}
        busy={remove.isPending}
        error={remove.error?.message}
        onConfirm={confirm}
      />
    </Panel>
  );
}
