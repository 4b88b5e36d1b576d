import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import { useApiKeys, useDeleteApiKey, type ApiKey } from "@/api";
import { mayManage, useProject } from "@/app/project";
import { Badge, Button, ConfirmDialog, IconButton, Page, Panel, panelState, Table, toast, type TableColumn } from "@/design";
import { formatDate, formatRelative } from "@/lib/times";
import { text } from "@/text";

import { CreateKeyDialog } from "./CreateKeyDialog";
import styles from "./Settings.module.css";

export default function KeysPage() {
  const project = useProject();
  const keys = useApiKeys(project.id);
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<ApiKey | null>(null);
  const create = (
    <Button variant="primary" icon={<Plus />} onClick={() => setCreating(true)}>
      {text.keys.create}
    </Button>
  );
  const items = keys.data?.items ?? [];
  const empty = items.length === 0 && ({ kind: "empty", why: "nothing-yet", title: text.keys.emptyTitle, text: text.keys.emptyText } as const);
  return (
    <Page title={text.keys.title} description={text.keys.description} actions={mayManage(project) && create}>
      <Panel title={text.keys.listTitle} state={panelState(keys, { empty })} flush={items.length > 0}>
        <Table caption={text.keys.caption} columns={columns(setDeleting, project.timezone)} rows={items} rowKey={(key) => String(key.id)} />
      </Panel>
      <CreateKeyDialog open={creating} onOpenChange={setCreating} project={project.id} />
      <DeleteKeyDialog project={project.id} apiKey={deleting} onClose={() => setDeleting(null)} />
    </Page>
  );
}

function columns(onDelete: (key: ApiKey) => void, timezone: string): readonly TableColumn<ApiKey>[] {
  return [
    { key: "name", header: text.keys.name, cell: (key) => <KeyName apiKey={key} /> },
    { key: "scopes", header: text.keys.scopes, cell: (key) => <ScopeList scopes={key.scopes} /> },
    { key: "created", header: text.keys.created, wideOnly: true, nowrap: true, cell: (key) => formatDate(key.created_at, timezone) },
    { key: "used", header: text.keys.lastUsed, wideOnly: true, nowrap: true, cell: (key) => (key.last_used_at ? formatRelative(key.last_used_at) : <span className={styles.quiet}>{text.keys.neverUsed}</span>) },
    { key: "expires", header: text.keys.expires, wideOnly: true, nowrap: true, cell: (key) => (key.expires_at ? formatDate(key.expires_at, timezone) : text.keys.expiresNever) },
    {
      key: "delete",
      header: <span className="visually-hidden">{text.common.delete}</span>,
      width: "48px",
      cell: (key) => <IconButton label={text.keys.deleteNamed(key.name)} icon={<Trash2 size={16} />} onClick={() => onDelete(key)} />,
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
  if (scopes.includes("*")) return <Badge tone="warn">{text.keys.allScopesShort}</Badge>;
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
        toast(text.keys.deleted);
        onClose();
      },
    });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.keys.deleteTitle(apiKey.name)}
      description={text.keys.deleteText}
      action={text.keys.delete}
      busy={remove.isPending}
      error={remove.error?.message}
      onConfirm={confirm}
    />
  );
}
