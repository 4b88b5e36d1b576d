import { RotateCw } from "lucide-react";
import { useState } from "react";

import { useRotateToken } from "@/api";
import { Button, ConfirmDialog, CopyButton, Panel, toast } from "@/design";
import { text } from "@/text";

import type { ProjectPanelProps } from "./GeneralPanel";
import styles from "./Settings.module.css";

export function TokenPanel({ project, editable }: ProjectPanelProps) {
  const [asking, setAsking] = useState(false);
  const rotate = useRotateToken(project.id);
  const confirm = () =>
    rotate.mutate(undefined, {
      onSuccess: () => {
        setAsking(false);
        toast(text.project.rotated);
      },
    });
  return (
    <Panel
      title={text.project.tokenTitle}
      description={text.project.tokenDescription}
      actions={
        editable && (
          <Button icon={<RotateCw />} onClick={() => setAsking(true)}>
            {text.project.rotate}
          </Button>
        )
      }
    >
      <dl className={styles.facts}>
        <div className={styles.fact}>
          <dt>{text.project.tokenTitle}</dt>
          <dd>
            <code>{project.token}</code>
            <CopyButton value={project.token} />
          </dd>
        </div>
        <div className={styles.fact}>
          <dt>
            {text.project.websiteId}
            <span className={styles.small}>{text.project.websiteIdHint}</span>
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
        title={text.project.rotateTitle}
        description={text.project.rotateText}
        action={text.project.rotate}
        busy={rotate.isPending}
        error={rotate.error?.message}
        onConfirm={confirm}
      />
    </Panel>
  );
}
