import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useRef } from "react";

import { Field, IconButton, Select } from "@/design";

import { stepName } from "../funnels/plan";
import type { FunnelRules } from "../funnels/rules";
import { SavedFunnel } from "../funnels/SavedFunnel";
import styles from "../insight/Insight.module.css";
import { Section } from "../insight/InsightPage";
import { firstStep, fitting, ofPeople, type PathsSearch, type Within } from "./search";

interface WithinSectionProps {
  readonly search: PathsSearch;
  readonly onChange: (patch: Partial<PathsSearch>) => void;
}

/** Only what people did on their way through a funnel. */
export function WithinSection({ search, onChange }: WithinSectionProps) {
  const put = (within: Within | undefined) => onChange({ within: within && fitting(within) });
  const take = (funnel: FunnelRules) => put({ funnel: ofPeople(funnel), part: "between", outcome: "converted", step: (funnel.steps?.length ?? 1) - 1 });
  const box = useRef<HTMLDivElement>(null);
  const leave = () => {
    box.current?.focus(); // the button that was pressed goes
    put(undefined);
  };
  return (
    <div ref={box} tabIndex={-1}>
      {search.within ? <Chosen within={search.within} onChange={put} onLeave={leave} /> : <NotChosen onPick={take} />}
    </div>
  );
}

function NotChosen({ onPick }: { readonly onPick: (funnel: FunnelRules) => void }) {
  return (
    <Section title="Within a funnel" hint="What people do on the way to a step, or instead of it.">
      <SavedFunnel onPick={onPick} />
      <p className={styles.hint}>
        The table of any <Link to="/funnels">funnel</Link> leads here too.
      </p>
    </Section>
  );
}

const CHOICES = [
  { value: "between converted", label: "On the way to" },
  { value: "before converted", label: "Before" },
  { value: "after converted", label: "After" },
  { value: "before dropped", label: "Before leaving, ahead of" },
  { value: "after dropped", label: "Instead of" },
] as const;

interface ChosenProps {
  readonly within: Within;
  readonly onChange: (within: Within) => void;
  readonly onLeave: () => void;
}

function Chosen({ within, onChange, onLeave }: ChosenProps) {
  const steps = within.funnel.steps ?? [];
  const name = steps.map(stepName).join(" → ");
  const choose = (value: string) => {
    const [part, outcome] = value.split(" ") as [Within["part"], Within["outcome"]];
    onChange({ ...within, part, outcome });
  };
  const numbered = steps.map((step, index) => ({ value: String(index), label: `${index + 1}. ${stepName(step)}` }));
  return (
    <Section title="Within a funnel" hint="A path for each person, not cut by pauses.">
      <div className={styles.line}>
        <span>{name}</span>
        <IconButton label="Leave the funnel" icon={<X size={16} />} onClick={onLeave} />
      </div>
      <div className={styles.pair}>
        <Field label="Paths">{(ids) => <Select {...ids} value={`${within.part} ${within.outcome}`} options={CHOICES} onChange={choose} />}</Field>
        <Field label="Step">{(ids) => <Select {...ids} value={String(within.step)} options={numbered.slice(firstStep(within))} onChange={(step) => onChange({ ...within, step: Number(step) })} />}</Field>
      </div>
    </Section>
  );
}
