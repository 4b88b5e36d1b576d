import { useId, useState } from "react";

import { ApiError, useAddMember, type MemberCreated, type Role } from "@/api";
import { Button, CodeBlock, Dialog, Field, Form, Input, Notice, Select, toast } from "@/design";
import { text } from "@/text";

import { ROLE_OPTIONS } from "./RolesPanel";
import { words } from "./words";

interface AddMemberDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  project: number;
}

/** Asks whom to add; where that made a new account without a password of theirs, shows the one we made. */
export function AddMemberDialog({ open, onOpenChange, project }: AddMemberDialogProps) {
  const [added, setAdded] = useState<MemberCreated | null>(null);
  const close = () => {
    onOpenChange(false);
    setAdded(null);
  };
  const done = (member: MemberCreated) => {
    if (member.initial_password) setAdded(member);
    else close();
  };
  if (added) return <PasswordDialog open={open} email={added.user.email} password={added.initial_password ?? ""} onClose={close} />;
  return <WhomDialog open={open} project={project} onAdded={done} onClose={close} />;
}

function PasswordDialog({ open, email, password, onClose }: { open: boolean; email: string; password: string; onClose: () => void }) {
  const done = (
    <Button variant="primary" onClick={onClose}>
      {words.members.firstPasswordDone}
    </Button>
  );
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()} title={words.members.firstPasswordTitle} description={words.members.firstPasswordText(email)} footer={done}>
      <CodeBlock code={password} label={words.members.password} wrap />
    </Dialog>
  );
}

interface WhomDialogProps {
  open: boolean;
  project: number;
  onAdded: (member: MemberCreated) => void;
  onClose: () => void;
}

function WhomDialog({ open, project, onAdded, onClose }: WhomDialogProps) {
  const formId = useId();
  const add = useAddMember(project);
  const footer = (
    <>
      <Button onClick={onClose}>{text.common.cancel}</Button>
      <Button variant="primary" type="submit" form={formId} busy={add.isPending}>
        {words.members.add}
      </Button>
    </>
  );
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()} title={words.members.add} footer={footer}>
      <MemberForm id={formId} add={add} onAdded={onAdded} />
    </Dialog>
  );
}

interface MemberFormProps {
  id: string;
  add: ReturnType<typeof useAddMember>;
  onAdded: (member: MemberCreated) => void;
}

function MemberForm({ id, add, onAdded }: MemberFormProps) {
  const [values, setValues] = useState({ email: "", name: "", password: "" });
  const [role, setRole] = useState<Role>("analyst");
  const problem = add.error instanceof ApiError ? add.error : null;
  const named = problem && (["email", "name", "password", "role"] as const).some((field) => problem.field(field));
  const bind = (field: keyof typeof values) => ({ value: values[field], onChange: (event: React.ChangeEvent<HTMLInputElement>) => setValues((last) => ({ ...last, [field]: event.target.value })) });
  const submit = () => {
    const email = values.email.trim();
    const request = { email, role, name: values.name.trim() || undefined, password: values.password || undefined };
    add.mutate(request, {
      onSuccess: (member) => {
        toast(words.members.added(email));
        onAdded(member);
      },
    });
  };
  return (
    <Form id={id} onSubmit={submit}>
      {add.error && !named && <Notice tone="bad">{add.error.message}</Notice>}
      <Field label={words.members.email} error={problem?.field("email")}>
        {(ids) => <Input {...ids} {...bind("email")} type="email" required autoFocus autoComplete="off" />}
      </Field>
      <Field label={words.members.role} hint={words.members.explain[role]} error={problem?.field("role")}>
        {(ids) => <Select {...ids} value={role} options={ROLE_OPTIONS} onChange={setRole} />}
      </Field>
      <Field label={words.members.name} optional={text.common.optional} error={problem?.field("name")}>
        {(ids) => <Input {...ids} {...bind("name")} maxLength={120} autoComplete="off" />}
      </Field>
      <Field label={words.members.password} optional={text.common.optional} hint={words.members.passwordHint} error={problem?.field("password")}>
        {(ids) => <Input {...ids} {...bind("password")} type="password" autoComplete="new-password" />}
      </Field>
    </Form>
  );
}
