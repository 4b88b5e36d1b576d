import { useId, useState } from "react";

import { ApiError, useAddMember, type Role } from "@/api";
import { Button, Dialog, Field, Form, Input, Notice, Select, toast } from "@/design";
import { text } from "@/text";

import { ROLE_OPTIONS } from "./RolesPanel";

interface AddMemberDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  project: number;
}

export function AddMemberDialog({ open, onOpenChange, project }: AddMemberDialogProps) {
  const formId = useId();
  const add = useAddMember(project);
  const footer = (
    <>
      <Button onClick={() => onOpenChange(false)}>{text.common.cancel}</Button>
      <Button variant="primary" type="submit" form={formId} busy={add.isPending}>
        {text.members.add}
      </Button>
    </>
  );
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={text.members.add} footer={footer}>
      <MemberForm id={formId} add={add} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

interface MemberFormProps {
  id: string;
  add: ReturnType<typeof useAddMember>;
  onDone: () => void;
}

function MemberForm({ id, add, onDone }: MemberFormProps) {
  const [values, setValues] = useState({ email: "", name: "", password: "" });
  const [role, setRole] = useState<Role>("analyst");
  const problem = add.error instanceof ApiError ? add.error : null;
  const named = problem && (["email", "name", "password", "role"] as const).some((field) => problem.field(field));
  const bind = (field: keyof typeof values) => ({ value: values[field], onChange: (event: React.ChangeEvent<HTMLInputElement>) => setValues((last) => ({ ...last, [field]: event.target.value })) });
  const submit = () => {
    const email = values.email.trim();
    const request = { email, role, name: values.name.trim() || undefined, password: values.password || undefined };
    add.mutate(request, {
      onSuccess: () => {
        toast(text.members.added(email));
        onDone();
      },
    });
  };
  return (
    <Form id={id} onSubmit={submit}>
      {add.error && !named && <Notice tone="bad">{add.error.message}</Notice>}
      <Field label={text.members.email} error={problem?.field("email")}>
        {(ids) => <Input {...ids} {...bind("email")} type="email" required autoFocus autoComplete="off" />}
      </Field>
      <Field label={text.members.role} hint={text.members.explain[role]} error={problem?.field("role")}>
        {(ids) => <Select {...ids} value={role} options={ROLE_OPTIONS} onChange={setRole} />}
      </Field>
      <Field label={text.members.name} optional={text.common.optional} error={problem?.field("name")}>
        {(ids) => <Input {...ids} {...bind("name")} maxLength={120} autoComplete="off" />}
      </Field>
      <Field label={text.members.password} optional={text.common.optional} hint={text.members.passwordHint} error={problem?.field("password")}>
        {(ids) => <Input {...ids} {...bind("password")} type="password" autoComplete="new-password" />}
      </Field>
    </Form>
  );
}
