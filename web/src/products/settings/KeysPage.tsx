import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import { useApiKeys, useDeleteApiKey, type ApiKey } from "@/api";
import { mayManage, useProject } from "@/app/project";
import { Badge, Button, ConfirmDialog, IconButton, Page, Panel, panelState, Table, toast, type TableColumn } from "@/design";
import { formatDate, formatRelative } from "@/lib/times";
import { text } from "@/text";

import { CreateKeyDialog } from "./CreateKeyDialog";
import styles from "./Settings.module.css";
import { words } from "./words";

export default function KeysPage() {
  const project = useProject();
  const keys = useApiKeys(project.id);
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<ApiKey | null>(null);
  const create = (
    <Button variant="primary" icon={<Plus />} onClick={() => setCreating(true)}>
      {words.keys.create}
    </Button>
  );
  const items = keys.data?.items ?? [];
  const empty = items.length === 0 && ({ kind: "empty", why: "nothing-yet", title: words.keys.emptyTitle, text: words.keys.emptyText } as const);
  return (
    <Page title={words.keys.title} description={words.keys.description} actions={mayManage(project) && create}>
      <Panel title={words.keys.listTitle} state={panelState(keys, { empty })} flush={items.length > 0}>
        <Table caption={words.keys.caption} columns={columns(setDeleting, project.timezone)} rows={items} rowKey={(key) => String(key.id)} />
      </Panel>
      <CreateKeyDialog open={creating} onOpenChange={setCreating} project={project.id} />
      <DeleteKeyDialog project={project.id} apiKey={deleting} onClose={() => setDeleting(null)} />
    </Page>
  );
}

function columns(onDelete: (key: ApiKey) => void, timezone: string): readonly TableColumn<ApiKey>[] {
  return [
    { key: "name", header: words.keys.name, cell: (key) => <KeyName apiKey={key} /> },
    { key: "scopes", header: words.keys.scopes, cell: (key) => <ScopeList scopes={key.scopes} /> },
    { key: "created", header: words.keys.created, wideOnly: true, nowrap: true, cell: (key) => formatDate(key.created_at, timezone) },
    { key: "used", header: words.keys.lastUsed, wideOnly: true, nowrap: true, cell: (key) => (key.last_used_at ? formatRelative(key.last_used_at) : <span className={styles.quiet}>{words.keys.neverUsed}</span>) },
    { key: "expires", header: words.keys.expires, wideOnly: true, nowrap: true, cell: (key) => (key.expires_at ? formatDate(key.expires_at, timezone) : words.keys.expiresNever) },
    {
      key: "delete",
      header: <span className="visually-hidden">{text.common.delete}</span>,
      width: "48px",
      cell: (key) => <IconButton label={words.keys.deleteNamed(key.name)} icon={<Trash2 size={16} />} onClick={() => onDelete(key)} />,
    },
  ];
}

function KeyName({ apiKey }: { apiKey: ApiKey }) {
  return (
    <div className={styles.person}>
      <p className={styles.personName}>{apiKey.name}</p>
      <code className={styles.quiet}>nsk_…{apiKey.last_four}</code>
    </div>
  );
}

function ScopeList({ scopes }: { scopes: ApiKey["scopes"] }) {
  if (scopes.includes("*")) return <Badge tone="warn">{words.keys.allScopesShort}</Badge>;
  return (
    <span className={styles.scopes}>
      {scopes.map((scope) => (
        <Badge key={scope}>{scope}</Badge>
      ))}
    </span>
  );
}

interface DeleteKeyDialogProps {
  project: number;
  apiKey: ApiKey | null;
  onClose: () => void;
}

function DeleteKeyDialog({ project, apiKey, onClose }: DeleteKeyDialogProps) {
  const remove = useDeleteApiKey(project);
  if (!apiKey) return null;
  const confirm = () =>
    remove.mutate(apiKey.id, {
      onSuccess: () => {
        toast(words.keys.deleted);
        onClose();
      },
    });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.keys.deleteTitle(apiKey.name)}
      description={words.keys.deleteText}
      action={words.keys.delete}
      busy={remove.isPending}
      error={remove.error?.message}
      onConfirm={confirm}
    />
  );
}
