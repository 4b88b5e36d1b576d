import { useRouter } from "@tanstack/react-router";
import { useState } from "react";

import { ApiError, useSetUp } from "@/api";
import { Button, Combobox, Field, Form, Input, Notice } from "@/design";
import { detectedTimeZone, timeZoneOptions } from "@/lib/timeZones";
import { text } from "@/text";

import { AccountFrame } from "./AccountFrame";

const SHORTEST_PASSWORD = 10;
const FIELDS = ["email", "password", "name", "project_name", "timezone"] as const;

type Values = Record<(typeof FIELDS)[number], string>;

/** The first visit: one owner, one project. */
export default function SetUpPage() {
  const [values, setValues] = useState<Values>(() => ({ email: "", password: "", name: "", project_name: "", timezone: detectedTimeZone() }));
  const setUp = useSetUp();
  const router = useRouter();
  const problem = setUp.error instanceof ApiError ? setUp.error : null;
  const change = (field: keyof Values) => (value: string) => setValues((last) => ({ ...last, [field]: value }));
  const bind = (field: keyof Values) => ({ value: values[field], onChange: (event: React.ChangeEvent<HTMLInputElement>) => change(field)(event.target.value) });
  const submit = () => {
    const { name, ...needed } = values;
    setUp.mutate({ ...needed, ...(name.trim() ? { name: name.trim() } : {}) }, { onSuccess: () => router.history.push("/install") });
  };
  return (
    <AccountFrame title={text.setUp.title} description={text.setUp.description}>
      <Form onSubmit={submit}>
        {setUp.error && !namesField(problem) && <Notice tone="bad">{problem?.status === 409 ? text.setUp.done : setUp.error.message}</Notice>}
        <Field label={text.setUp.name} optional={text.common.optional} error={problem?.field("name")}>
          {(ids) => <Input {...ids} {...bind("name")} autoFocus maxLength={120} autoComplete="name" />}
        </Field>
        <Field label={text.setUp.email} error={problem?.field("email")}>
          {(ids) => <Input {...ids} {...bind("email")} type="email" required autoComplete="username" />}
        </Field>
        <Field label={text.setUp.password} hint={text.setUp.passwordHint} error={problem?.field("password")}>
          {(ids) => <Input {...ids} {...bind("password")} type="password" required minLength={SHORTEST_PASSWORD} autoComplete="new-password" />}
        </Field>
        <Field label={text.setUp.projectName} hint={text.setUp.projectHint} error={problem?.field("project_name")}>
          {(ids) => <Input {...ids} {...bind("project_name")} required maxLength={120} autoComplete="off" />}
        </Field>
        <Field label={text.setUp.timezone} hint={text.setUp.timezoneHint} error={problem?.field("timezone")}>
          {(ids) => <Combobox {...ids} value={values.timezone} options={timeZoneOptions()} onChange={change("timezone")} />}
        </Field>
        <Button type="submit" variant="primary" busy={setUp.isPending} wide>
          {text.setUp.submit}
        </Button>
      </Form>
    </AccountFrame>
  );
}

function namesField(problem: ApiError | null): boolean {
  return problem !== null && FIELDS.some((field) => problem.field(field));
}
