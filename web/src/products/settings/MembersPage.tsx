import { UserMinus, UserPlus } from "lucide-react";
import { useState } from "react";

import { useChangeRole, useMembers, useRemoveMember, useSession, type Member, type Role } from "@/api";
import { mayManage, useProject } from "@/app/project";
import { Badge, Button, ConfirmDialog, IconButton, Page, Panel, panelState, Select, Table, toast, type TableColumn } from "@/design";
import { formatDate } from "@/lib/times";
import { text } from "@/text";

import { AddMemberDialog } from "./AddMemberDialog";
import { ROLE_OPTIONS, RolesPanel } from "./RolesPanel";
import styles from "./Settings.module.css";
import { words } from "./words";

export default function MembersPage() {
  const project = useProject();
  const members = useMembers(project.id);
  const { data: session } = useSession();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Member | null>(null);
  const editable = mayManage(project);
  const add = (
    <Button variant="primary" icon={<UserPlus />} onClick={() => setAdding(true)}>
      {words.members.add}
    </Button>
  );
  const cells = { project: project.id, timezone: project.timezone, editable, me: session?.user.id, onRemove: setRemoving };
  return (
    <Page title={words.members.title} description={words.members.description} actions={editable && add} width="reading">
      <Panel title={words.members.listTitle} state={panelState(members)} flush>
        <Table caption={words.members.caption} columns={columns(cells)} rows={members.data?.items ?? []} rowKey={({ user }) => String(user.id)} />
      </Panel>
      <RolesPanel />
      <AddMemberDialog open={adding} onOpenChange={setAdding} project={project.id} />
      <RemoveMemberDialog project={project.id} member={removing} onClose={() => setRemoving(null)} />
    </Page>
  );
}

interface CellContext {
  project: number;
  timezone: string;
  editable: boolean;
  me: number | undefined;
  onRemove: (member: Member) => void;
}

function columns({ project, timezone, editable, me, onRemove }: CellContext): readonly TableColumn<Member>[] {
  const remove: TableColumn<Member> = {
    key: "remove",
    header: <span className="visually-hidden">{words.members.remove}</span>,
    width: "48px",
    cell: (member) => member.user.id !== me && <IconButton label={words.members.removeNamed(nameOf(member))} icon={<UserMinus size={16} />} onClick={() => onRemove(member)} />,
  };
  return [
    { key: "person", header: words.members.person, width: "100%", cell: (member) => <Person member={member} me={me} /> },
    { key: "role", header: words.members.role, cell: (member) => (editable && member.user.id !== me ? <RoleSelect project={project} member={member} /> : <Badge>{words.members.roles[member.role]}</Badge>) },
    { key: "since", header: words.members.since, wideOnly: true, nowrap: true, cell: ({ user }) => formatDate(user.created_at, timezone) },
    ...(editable ? [remove] : []),
  ];
}

function Person({ member: { user }, me }: { member: Member; me: number | undefined }) {
  return (
    <div className={styles.person}>
      <p className={styles.personName}>
        {user.name || user.email} {user.id === me && <span className={styles.quiet}>({text.common.you})</span>}
      </p>
      {user.name && <p className={`${styles.personEmail} ${styles.quiet}`}>{user.email}</p>}
    </div>
  );
}

function RoleSelect({ project, member }: { project: number; member: Member }) {
  const change = useChangeRole(project);
  const choose = (role: Role) =>
    change.mutate({ userId: member.user.id, role }, { onSuccess: () => toast(words.members.changed), onError: (error) => toast(error.message, "bad") });
  return <Select className={styles.roleSelect} aria-label={words.members.roleOf(nameOf(member))} disabled={change.isPending} value={member.role} options={ROLE_OPTIONS} onChange={choose} />;
}

interface RemoveMemberDialogProps {
  project: number;
  member: Member | null;
  onClose: () => void;
}

function RemoveMemberDialog({ project, member, onClose }: RemoveMemberDialogProps) {
  const remove = useRemoveMember(project);
  if (!member) return null;
  const confirm = () =>
    remove.mutate(member.user.id, {
      onSuccess: () => {
        toast(words.members.removed);
        onClose();
      },
    });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.members.removeTitle(nameOf(member))}
      description={words.members.removeText}
      action={words.members.remove}
      busy={remove.isPending}
      error={remove.error?.message}
      onConfirm={confirm}
    />
  );
}

function nameOf({ user }: Member): string {
  return user.name || user.email;
}
