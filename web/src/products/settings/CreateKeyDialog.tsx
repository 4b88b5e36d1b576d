import { useId, useState } from "react";

import { ApiError, SCOPES, useCreateApiKey, type ApiKeyCreated, type Scope } from "@/api";
import { Button, Checkbox, CodeBlock, Dialog, Field, Form, Input, Notice, Select } from "@/design";
import { text } from "@/text";

import styles from "./Settings.module.css";
import { words } from "./words";

interface CreateKeyDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  project: number;
}

export function CreateKeyDialog({ open, onOpenChange, project }: CreateKeyDialogProps) {
  const [created, setCreated] = useState<ApiKeyCreated | null>(null);
  const close = () => {
    onOpenChange(false);
    setCreated(null);
  };
  if (created) return <SecretDialog open={open} secret={created.secret} onClose={close} />;
  return <DraftDialog open={open} project={project} onCreated={setCreated} onClose={close} />;
}

function SecretDialog({ open, secret, onClose }: { open: boolean; secret: string; onClose: () => void }) {
  const done = (
    <Button variant="primary" onClick={onClose}>
      {words.keys.secretDone}
    </Button>
  );
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()} title={words.keys.secretTitle} description={words.keys.secretText} footer={done}>
      <CodeBlock code={secret} label={words.keys.secretLabel} wrap />
    </Dialog>
  );
}

interface DraftDialogProps {
  open: boolean;
  project: number;
  onCreated: (key: ApiKeyCreated) => void;
  onClose: () => void;
}

function DraftDialog({ open, project, onCreated, onClose }: DraftDialogProps) {
  const formId = useId();
  const create = useCreateApiKey(project);
  const footer = (
    <>
      <Button onClick={onClose}>{text.common.cancel}</Button>
      <Button variant="primary" type="submit" form={formId} busy={create.isPending}>
        {words.keys.create}
      </Button>
    </>
  );
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()} title={words.keys.create} footer={footer}>
      <DraftForm id={formId} create={create} onCreated={onCreated} />
    </Dialog>
  );
}

const LIFETIMES = ["", "30", "90", "365"].map((days) => ({ value: days, label: days ? words.keys.expiresDays(Number(days)) : words.keys.expiresNever }));
const DAY_MS = 86_400_000;

interface DraftFormProps {
  id: string;
  create: ReturnType<typeof useCreateApiKey>;
  onCreated: (key: ApiKeyCreated) => void;
}

function DraftForm({ id, create, onCreated }: DraftFormProps) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(["query:read"]);
  const [days, setDays] = useState("");
  const [scopeError, setScopeError] = useState<string | null>(null);
  const problem = create.error instanceof ApiError ? create.error : null;
  const submit = () => {
    setScopeError(scopes.length === 0 ? words.keys.needScope : null);
    if (scopes.length === 0) return;
    const expires_at = days ? new Date(Date.now() + Number(days) * DAY_MS).toISOString() : undefined;
    create.mutate({ name: name.trim(), scopes: [...scopes], expires_at }, { onSuccess: onCreated });
  };
  return (
    <Form id={id} onSubmit={submit}>
      {create.error && !problem?.field("name") && <Notice tone="bad">{create.error.message}</Notice>}
      <Field label={words.keys.name} hint={words.keys.nameHint} error={problem?.field("name")}>
        {(ids) => <Input {...ids} required autoFocus maxLength={120} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <ScopeChoice scopes={scopes} error={scopeError ?? problem?.field("scopes")} onChange={setScopes} />
      <Field label={words.keys.expires} error={problem?.field("expires_at")}>
        {(ids) => <Select {...ids} value={days} options={LIFETIMES} onChange={setDays} />}
      </Field>
    </Form>
  );
}

interface ScopeChoiceProps {
  scopes: readonly Scope[];
  error: string | null | undefined;
  onChange: (scopes: readonly Scope[]) => void;
}

function ScopeChoice({ scopes, error, onChange }: ScopeChoiceProps) {
  const all = scopes.includes("*");
  const toggle = (scope: Scope, on: boolean) => onChange(on ? [...scopes, scope] : scopes.filter((one) => one !== scope));
  return (
    <fieldset>
      <legend className={styles.legend}>{words.keys.scopes}</legend>
      <p className={styles.small}>{words.keys.scopesHint}</p>
      {error && <Notice tone="bad">{error}</Notice>}
      <Checkbox label={words.keys.allScopes} checked={all} onChange={(on) => onChange(on ? ["*"] : [])} />
      <div className={styles.scopeGrid}>
        {SCOPES.map((scope) => (
          <Checkbox key={scope} label={<code>{scope}</code>} hint={words.keys.explain[scope]} checked={all || scopes.includes(scope)} disabled={all} onChange={(on) => toggle(scope, on)} />
        ))}
      </div>
    </fieldset>
  );
}
