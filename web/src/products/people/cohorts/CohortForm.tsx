import { useId, useState } from "react";

import { ApiError } from "@/api";
import type { CohortView, Definition } from "@/api/audiences";
import { Button, Card, Field, Form, FormActions, FormRow, Input, Notice, SegmentedControl } from "@/design";
import { text } from "@/text";

import styles from "../shared/People.module.css";
import { TagPicker } from "../shared/TagPicker";
import { useAudienceNames } from "../shared/useAudienceNames";
import { readDefinition, writeDefinition } from "./definition";
import { faultOf, newGroup, type RuleGroup } from "./rules";
import { RulePreview } from "./RulePreview";
import { RuleTree } from "./RuleTree";
import { NO_PEOPLE, StaticPeople, type ListedPeople } from "./StaticPeople";
import { describeRules } from "./words";

type Kind = CohortView["kind"];

/** What the form asks for; a field that is left out stays as it is. */
export interface CohortWords {
  readonly name: string;
  readonly description: string;
  readonly tags: string[];
  readonly kind: Kind;
  readonly definition?: Definition;
  readonly people?: ListedPeople;
}

interface CohortFormProps {
  /** The one that is changed; without it one is made. */
  readonly cohort?: CohortView | undefined;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (words: CohortWords) => void;
  readonly onCancel: () => void;
}

const KINDS = [
  { value: "dynamic", label: "By a rule" },
  { value: "static", label: "By a list" },
] as const;

export function CohortForm({ cohort, busy, error, onSubmit, onCancel }: CohortFormProps) {
  const form = useId();
  const [name, setName] = useState(cohort?.name ?? "");
  const [description, setDescription] = useState(cohort?.description ?? "");
  const [tags, setTags] = useState<readonly string[]>(cohort?.tags ?? []);
  const [kind, setKind] = useState<Kind>(cohort?.kind ?? "dynamic");
  const [people, setPeople] = useState<ListedPeople>(NO_PEOPLE);
  const [rules, setRules] = useState<RuleGroup | null>(() => (cohort?.definition ? readDefinition(cohort.definition) : newGroup()));
  const problem = error instanceof ApiError ? error : null;
  const fault = kind === "dynamic" && rules ? faultOf(rules) : null;
  const submit = () => {
    const words = { name: name.trim(), description: description.trim(), tags: [...tags], kind };
    if (kind === "static") onSubmit({ ...words, people });
    else onSubmit({ ...words, ...(rules ? { definition: writeDefinition(rules) } : {}) });
  };
  return (
    <Form id={form} onSubmit={submit}>
      <Card>
        <FormRow>
          <Field label="Name" error={problem?.field("name")}>
            {(ids) => <Input {...ids} required maxLength={120} autoFocus={!cohort} value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <Field label="Description" optional={text.common.optional} error={problem?.field("description")}>
            {(ids) => <Input {...ids} maxLength={2000} value={description} onChange={(event) => setDescription(event.target.value)} />}
          </Field>
          <Field label="Tags" optional={text.common.optional} error={problem?.field("tags")}>
            {(ids) => <TagPicker ids={ids} tags={tags} onChange={setTags} />}
          </Field>
        </FormRow>
      </Card>
      {!cohort && (
        <div>
          <SegmentedControl label="How people get into it" value={kind} options={KINDS} onChange={setKind} />
        </div>
      )}
      {kind === "dynamic" && <RulePart rules={rules} self={cohort?.id} onChange={setRules} />}
      {kind === "static" && !cohort && <StaticPeople people={people} onChange={setPeople} error={problem?.field("distinct_ids") ?? problem?.field("csv")} />}
      {error !== null && error !== undefined && (
        <Notice tone="bad">
          {[error instanceof Error ? error.message : "The cohort could not be saved.", problem?.hint].filter(Boolean).join(" ")}
          {problem && problem.fields.length > 0 && ` ${problem.fields.map((field) => `${field.path} ${field.message}`).join("; ")}.`}
        </Notice>
      )}
      <FormActions>
        <Button type="submit" variant="primary" busy={busy} disabled={!name.trim() || fault !== null}>
          {kind === "dynamic" && rules ? "Save and count" : "Save cohort"}
        </Button>
        <Button onClick={onCancel}>{text.common.cancel}</Button>
        {fault && <span className={styles.quiet}>{fault}</span>}
      </FormActions>
    </Form>
  );
}

interface RulePartProps {
  readonly rules: RuleGroup | null;
  readonly self: number | undefined;
  readonly onChange: (rules: RuleGroup) => void;
}

function RulePart({ rules, self, onChange }: RulePartProps) {
  const names = useAudienceNames();
  if (!rules) return <Notice tone="neutral">This rule was written through the API and says more than the builder can show. It stays as it is; change it through the API.</Notice>;
  return (
    <Card>
      <RuleTree group={rules} self={self} onChange={onChange} />
      <p className={styles.summary}>
        People who {describeRules(rules, names)}.
      </p>
      <RulePreview rules={rules} self={self} />
    </Card>
  );
}
