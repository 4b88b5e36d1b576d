import { useState } from "react";

import { Field, Input, Select, Switch } from "@/design";

import { BreakdownSection } from "../insight/BreakdownSection";
import { EventEntry } from "../insight/EventEntry";
import styles from "../insight/Insight.module.css";
import { FiltersSection, Section } from "../insight/InsightPage";
import { FIRST_CHOICE, intervalsOf, periodOf } from "./plan";
import { MODES, PERIODS, type RetentionSearch } from "./search";

export interface RetentionProps {
  readonly search: RetentionSearch;
  readonly onChange: (patch: Partial<RetentionSearch>) => void;
}

/** Who is in a cohort, what counts as coming back, and when it is looked. */
export function RetentionBuilder({ search, onChange }: RetentionProps) {
  return (
    <>
      <Section title="People who did">
        <EventEntry label="Event that starts" choice={search.target ?? FIRST_CHOICE} onChange={(target) => onChange({ target })}>
          <ModeField search={search} onChange={onChange} />
        </EventEntry>
      </Section>
      <Section title="and came back to do">
        <EventEntry label="Event of coming back" choice={search.returning ?? FIRST_CHOICE} onChange={(returning) => onChange({ returning })} />
      </Section>
      <WhenSection search={search} onChange={onChange} />
      <FiltersSection state={search} onChange={onChange} />
      <BreakdownSection
        breakdown={search.breakdown}
        limit={search.breakdown_limit ?? 5}
        onChange={(breakdown) => onChange({ breakdown, ...(breakdown ? {} : { breakdown_limit: undefined }) })}
        onLimit={(limit) => onChange({ breakdown_limit: limit })}
      />
    </>
  );
}

const MODE_NAMES = { recurring: "each time", first_time: "for the first time", first_ever: "as the first of its kind ever" } as const;

function ModeField({ search, onChange }: RetentionProps) {
  return <Select aria-label="Which time counts" value={search.mode ?? "recurring"} options={MODES.map((mode) => ({ value: mode, label: MODE_NAMES[mode] }))} onChange={(mode) => onChange({ mode })} />;
}

const PERIOD_NAMES = { hour: "Hours", day: "Days", week: "Weeks", month: "Months" } as const;

function WhenSection({ search, onChange }: RetentionProps) {
  return (
    <Section title="When">
      <div className={styles.pair}>
        <Field label="Period">
          {(ids) => (
            <Select {...ids} value={periodOf(search)} options={PERIODS.map((period) => ({ value: period, label: PERIOD_NAMES[period] }))} onChange={(period) => onChange({ period, intervals: undefined, brackets: undefined })} />
          )}
        </Field>
        {!search.brackets && <IntervalsField key={intervalsOf(search)} intervals={intervalsOf(search)} onChange={(intervals) => onChange({ intervals })} />}
      </div>
      <BracketsField key={search.brackets?.join()} brackets={search.brackets} onChange={(brackets) => onChange({ brackets })} />
      <Switch label="In that period or later" hint="Counts everybody who came back then or at any time after." checked={search.cumulative ?? false} onChange={(on) => onChange({ cumulative: on || undefined })} />
      <Switch label="From each one's own start" hint="Spans of 24 hours from the event itself, not calendar days." checked={search.rolling ?? false} onChange={(on) => onChange({ rolling: on || undefined })} />
    </Section>
  );
}

function IntervalsField({ intervals, onChange }: { readonly intervals: number; readonly onChange: (intervals: number) => void }) {
  const [draft, setDraft] = useState(String(intervals));
  const take = () => {
    const next = Number(draft);
    if (Number.isInteger(next) && next >= 2 && next <= 60 && next !== intervals) onChange(next);
  };
  return <Field label="Columns">{(ids) => <Input {...ids} type="number" min={2} max={60} value={draft} onChange={(event) => setDraft(event.target.value)} onBlur={take} onKeyDown={(event) => event.key === "Enter" && take()} />}</Field>;
}

interface BracketsFieldProps {
  readonly brackets: number[] | undefined;
  readonly onChange: (brackets: number[] | undefined) => void;
}

/** Columns of several periods: 1, 6, 23 makes day 1, days 2–7, days 8–30. */
function BracketsField({ brackets, onChange }: BracketsFieldProps) {
  const [draft, setDraft] = useState((brackets ?? []).join(", "));
  const parts = draft.split(",").map((part) => part.trim()).filter(Boolean);
  const lengths = parts.map(Number);
  const wrong = lengths.some((length) => !Number.isInteger(length) || length < 1);
  const take = () => {
    if (!wrong && lengths.join() !== (brackets ?? []).join()) onChange(lengths.length > 0 ? lengths : undefined);
  };
  return (
    <Field label="Columns of several periods" optional="optional" hint="Lengths: 1, 6, 23 makes day 1, days 2–7 and days 8–30." error={wrong ? "Write whole numbers, separated by commas." : null}>
      {(ids) => <Input {...ids} inputMode="numeric" value={draft} placeholder="1, 6, 23" onChange={(event) => setDraft(event.target.value)} onBlur={take} onKeyDown={(event) => event.key === "Enter" && take()} />}
    </Field>
  );
}
