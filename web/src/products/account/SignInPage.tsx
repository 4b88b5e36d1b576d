import { useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { ApiError, useInstance, useSignIn, type SignInRequest } from "@/api";
import { innerPath } from "@/app/address";
import { Button, Field, Form, Input, Notice } from "@/design";
import { text } from "@/text";

import styles from "./Account.module.css";
import { AccountFrame } from "./AccountFrame";

export default function SignInPage() {
  const next = innerPath(useSearch({ strict: false }).next);
  const router = useRouter();
  const signIn = useSignIn();
  const { data: instance } = useInstance();
  const submit = (request: SignInRequest) => signIn.mutate(request, { onSuccess: () => router.history.push(next ?? "/") });
  const demo = instance?.demo ? instance.demo_sign_in : null;
  return (
    <AccountFrame title={text.signIn.title}>
      {demo && <DemoCard {...demo} busy={signIn.isPending} onUse={() => submit(demo)} />}
      <SignInForm busy={signIn.isPending} error={signIn.error} second={Boolean(demo)} onSubmit={submit} />
    </AccountFrame>
  );
}

interface SignInFormProps {
  busy: boolean;
  error: Error | null;
  /** Something above it is what most come for: it keeps quiet. */
  second: boolean;
  onSubmit: (request: SignInRequest) => void;
}

function SignInForm({ busy, error, second, onSubmit }: SignInFormProps) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [totp, setTotp] = useState("");
  const needsCode = error instanceof ApiError && error.code.startsWith("totp");
  const submit = () => onSubmit({ email: email.trim(), password, ...(totp ? { totp } : {}) });
  return (
    <Form onSubmit={submit}>
      {error && !needsCode && <Notice tone="bad">{wordsOf(error)}</Notice>}
      <Field label={text.signIn.email}>
        {(ids) => <Input {...ids} type="email" required autoFocus={!second} autoComplete="username" value={email} onChange={(event) => setEmail(event.target.value)} />}
      </Field>
      <Field label={text.signIn.password}>
        {(ids) => <Input {...ids} type="password" required autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} />}
      </Field>
      {needsCode && (
        <Field label={text.signIn.code} hint={text.signIn.codeHint} error={totp ? error.message : null}>
          {(ids) => <Input {...ids} required autoFocus inputMode="numeric" autoComplete="one-time-code" value={totp} onChange={(event) => setTotp(event.target.value)} />}
        </Field>
      )}
      <Button type="submit" variant={second ? "secondary" : "primary"} busy={busy} wide>
        {text.signIn.submit}
      </Button>
    </Form>
  );
}

interface DemoCardProps {
  email: string;
  password: string;
  busy: boolean;
  onUse: () => void;
}

function DemoCard({ email, password, busy, onUse }: DemoCardProps) {
  return (
    <section className={styles.demo}>
      <p className={styles.demoTitle}>{text.signIn.demoTitle}</p>
      <dl>
        <dt>{text.signIn.email}</dt>
        <dd>{email}</dd>
        <dt>{text.signIn.password}</dt>
        <dd>
          <code>{password}</code>
        </dd>
      </dl>
      <Button variant="primary" busy={busy} onClick={onUse}>
        {text.signIn.demoUse}
      </Button>
    </section>
  );
}

function wordsOf(error: Error): string {
  return error instanceof ApiError && error.hint ? `${error.message} ${error.hint}` : error.message;
}
