import { useRestoreVersion, useSavedVersions, type SavedInsight } from "@/api/saved";
import { useProject } from "@/app/project";
import { maySave } from "@/app/roles";
import { Badge, Button, Dialog, ErrorState, SkeletonRows, toast } from "@/design";
import { formatDateTime } from "@/lib/times";
import styles from "@/products/people/shared/People.module.css";
import { sayFailure } from "@/products/people/shared/sayFailure";

import { changesOf } from "./versions";

interface VersionsDialogProps {
  readonly insight: SavedInsight;
  readonly onClose: () => void;
}

/** Every version, the newest first; an older one can be made the newest again, and nothing is lost by it. */
export function VersionsDialog({ insight, onClose }: VersionsDialogProps) {
  const project = useProject();
  const versions = useSavedVersions(project.id, insight.id);
  const restore = useRestoreVersion(project.id, insight.id);
  const items = versions.data?.items ?? [];
  const take = (version: number) => restore.mutate(version, { onSuccess: () => toast(`Version ${version} is the newest again.`), onError: sayFailure });
  return (
    <Dialog wide open onOpenChange={(open) => !open && onClose()} title={`Versions of ${insight.name}`}>
      {versions.isPending && <SkeletonRows />}
      {versions.isError && <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />}
      <ol className={styles.versions}>
        {items.map((version, index) => (
          <li key={version.version}>
            <span className={styles.versionNumber}>{version.version}</span>
            <span className={styles.named}>
              <span className={styles.nameLine}>
                {changesOf(version, items[index + 1])}
                {index === 0 && <Badge tone="accent">Present</Badge>}
              </span>
              <span className={styles.quiet}>
                {version.made_by.name}, {formatDateTime(version.created_at, project.timezone)}
                {version.name !== insight.name && ` · called “${version.name}”`}
              </span>
            </span>
            {index > 0 && maySave(project) && (
              <Button aria-label={`Restore version ${version.version}`} busy={restore.isPending && restore.variables === version.version} onClick={() => take(version.version)}>
                Restore
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
