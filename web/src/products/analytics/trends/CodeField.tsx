import { useEffect, useState } from "react";

import { Field, Input } from "@/design";

interface CodeFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly placeholder: string;
  readonly value: string;
  readonly optional?: boolean;
  readonly onChange: (text: string) => void;
}

const PAUSE_MS = 600;

/** A formula or expression, taken when typing pauses, so that half of one is never asked. */
export function CodeField({ label, hint, placeholder, value, optional, onChange }: CodeFieldProps) {
  const [draft, setDraft] = useState(value);
  useEffect(() => {
    if (draft.trim() === value) return;
    const timer = setTimeout(() => onChange(draft.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  });
  return (
    <Field label={label} {...(optional ? { optional: "optional" } : {})} hint={hint}>
      {(ids) => <Input {...ids} mono value={draft} placeholder={placeholder} spellCheck={false} autoComplete="off" onChange={(event) => setDraft(event.target.value)} />}
    </Field>
  );
}
