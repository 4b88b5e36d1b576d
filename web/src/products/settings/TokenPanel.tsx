import { RotateCw } from "lucide-react";
import { useState } from "react";

import { useRotateToken } from "@/api";
import { Button, ConfirmDialog, CopyButton, Panel, toast } from "@/design";

import type { ProjectPanelProps } from "./GeneralPanel";
import styles from "./Settings.module.css";
import { words } from "./words";

export function TokenPanel({ project, editable }: ProjectPanelProps) {
  const [asking, setAsking] = useState(false);
  const rotate = useRotateToken(project.id);
  const confirm = () =>
    rotate.mutate(undefined, {
      onSuccess: () => {
        setAsking(false);
        toast(words.project.rotated);
      },
    });
  return (
    <Panel
      title={words.project.tokenTitle}
      description={words.project.tokenDescription}
      actions={
        editable && (
          <Button icon={<RotateCw />} onClick={() => setAsking(true)}>
            {words.project.rotate}
          </Button>
        )
      }
    >
      <dl className={styles.facts}>
        <div className={styles.fact}>
          <dt>{words.project.tokenTitle}</dt>
          <dd>
            <code>{project.token}</code>
            <CopyButton value={project.token} />
          </dd>
        </div>
        <div className={styles.fact}>
          <dt>
            {words.project.websiteId}
            <span className={styles.small}>{words.project.websiteIdHint}</span>
          </dt>
          <dd>
            <code>{project.website_id}</code>
            <CopyButton value={project.website_id} />
          </dd>
        </div>
      </dl>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={words.project.rotateTitle}
        description={words.project.rotateText}
        action={words.project.rotate}
        busy={rotate.isPending}
        error={rotate.error?.message}
        onConfirm={confirm}
      />
    </Panel>
  );
}
