import { Archive, ArchiveRestore, Ellipsis, History, Pencil } from "lucide-react";

import type { SavedChange, SavedInsight } from "@/api/saved";
import { IconButton, Menu, MenuItem, toast, type TableColumn } from "@/design";
import { formatDateTime, formatRelative } from "@/lib/times";
import styles from "@/products/people/shared/People.module.css";
import { StarButton } from "@/products/people/shared/StarButton";
import { TagList } from "@/products/people/shared/TagList";

import { InsightLink } from "./InsightLink";
import { kindOf } from "./kinds";

interface Deeds {
  readonly editable: boolean;
  readonly timezone: string;
  readonly onChange: (change: SavedChange) => void;
  readonly onRename: (insight: SavedInsight) => void;
  readonly onVersions: (insight: SavedInsight) => void;
}

export function savedColumns(deeds: Deeds): TableColumn<SavedInsight>[] {
  return [
    { key: "star", header: <span className="visually-hidden">Favourite</span>, width: "48px", cell: (insight) => <StarButton name={insight.name} starred={insight.is_favourite} onChange={(is_favourite) => deeds.onChange({ id: insight.id, is_favourite })} /> },
    { key: "name", header: "Name", cell: (insight) => <NameCell insight={insight} /> },
    { key: "kind", header: "Kind", wideOnly: true, nowrap: true, cell: (insight) => <KindCell kind={insight.kind} /> },
    { key: "owner", header: "Owner", wideOnly: true, cell: (insight) => insight.owner?.name ?? insight.updated_by.name },
    { key: "updated", header: "Changed", wideOnly: true, nowrap: true, cell: (insight) => <Changed insight={insight} timezone={deeds.timezone} /> },
    { key: "more", header: <span className="visually-hidden">More</span>, width: "48px", cell: (insight) => <MoreMenu insight={insight} deeds={deeds} /> },
  ];
}

function NameCell({ insight }: { readonly insight: SavedInsight }) {
  const { path, name } = kindOf(insight.kind);
  return (
    <div className={styles.named}>
      <span className={styles.nameLine}>
        <InsightLink insight={insight} className={path ? styles.link : styles.unlinked}>
          {insight.name}
        </InsightLink>
        <TagList tags={insight.tags} />
      </span>
      {insight.description && <span className={`${styles.quiet} ${styles.clip}`}>{insight.description}</span>}
      {!path && <span className={styles.quiet}>{name} has no page of its own; its answer is served by the API.</span>}
    </div>
  );
}

function KindCell({ kind }: { readonly kind: string }) {
  const { icon: Icon, name } = kindOf(kind);
  return (
    <span className={styles.kind}>
      <Icon size={16} aria-hidden="true" />
      {name}
    </span>
  );
}

function Changed({ insight, timezone }: { readonly insight: SavedInsight; readonly timezone: string }) {
  return (
    <time dateTime={insight.updated_at} title={`${formatDateTime(insight.updated_at, timezone)}, ${insight.updated_by.name}`}>
      {formatRelative(insight.updated_at)}
    </time>
  );
}

function MoreMenu({ insight, deeds }: { readonly insight: SavedInsight; readonly deeds: Deeds }) {
  const archive = () => {
    deeds.onChange({ id: insight.id, archived: !insight.archived });
    toast(insight.archived ? `${insight.name} is back.` : `${insight.name} is archived.`);
  };
  return (
    <Menu align="end" trigger={<IconButton label={`More for ${insight.name}`} icon={<Ellipsis size={16} />} />}>
      {deeds.editable && (
        <MenuItem icon={<Pencil size={16} />} onSelect={() => deeds.onRename(insight)}>
          Rename and tags
        </MenuItem>
      )}
      <MenuItem icon={<History size={16} />} onSelect={() => deeds.onVersions(insight)}>
        Versions
      </MenuItem>
      {deeds.editable && (
        <MenuItem icon={insight.archived ? <ArchiveRestore size={16} /> : <Archive size={16} />} onSelect={archive}>
          {insight.archived ? "Bring back" : "Archive"}
        </MenuItem>
      )}
    </Menu>
  );
}
