import { X } from "lucide-react";
import { useState } from "react";

import { Button, Checkbox, Combobox, Field, IconButton, Input, Select, type ComboboxOption } from "@/design";

import styles from "../insight/Insight.module.css";
import { FiltersSection, Section } from "../insight/InsightPage";
import { useCatalogue, useEventOptions } from "../shared/catalogue";
import { withOwn } from "../shared/choices";
import { eventName } from "../shared/properties";
import { CUSTOM, includeOf, nodeName, PAGES, SCREENS, stepsOf } from "./plan";
import { DEFAULT_EDGES, type Cleaning, type PathsSearch } from "./search";
import { WithinSection } from "./WithinSection";

export interface PathsProps {
  readonly search: PathsSearch;
  readonly onChange: (patch: Partial<PathsSearch>) => void;
}

/** What counts as a step, where paths begin and end, and what is taken together. */
export function PathsBuilder({ search, onChange }: PathsProps) {
  return (
    <>
      <StepsSection search={search} onChange={onChange} />
      <EndsSection search={search} onChange={onChange} />
      <WithinSection search={search} onChange={onChange} />
      <FiltersSection state={search} onChange={onChange} />
      <ExcludeSection search={search} onChange={onChange} />
      <CleaningSection search={search} onChange={onChange} />
    </>
  );
}

const KINDS = [
  { value: PAGES, label: "Pages" },
  { value: SCREENS, label: "Screens of apps" },
  { value: CUSTOM, label: "Events of your own" },
] as const;

function StepsSection({ search, onChange }: PathsProps) {
  const include = includeOf(search);
  const named = include.filter((one) => !KINDS.some((kind) => kind.value === one));
  const events = useEventOptions(false).filter((option) => !include.includes(option.value));
  const put = (next: readonly string[]) => onChange({ include: next.length > 0 ? [...next] : undefined, start: undefined, end: undefined });
  return (
    <Section title="Steps are">
      {KINDS.map(({ value, label }) => (
        <Checkbox key={value} label={label} checked={include.includes(value)} onChange={(on) => put(on ? [...include, value] : include.filter((one) => one !== value))} />
      ))}
      {named.map((event) => (
        <Removable key={event} name={eventName(event)} onRemove={() => put(include.filter((one) => one !== event))} />
      ))}
      <Combobox label="Add an event" value={null} options={events} onChange={(event) => put([...include, event])} placeholder="Add an event" searchPlaceholder="Find an event" freeText />
      <div className={styles.pair}>
        <Field label="Steps">{(ids) => <Select {...ids} value={String(stepsOf(search))} options={numbers([2, 3, 4, 5, 6, 7, 8, 10], stepsOf(search))} onChange={(steps) => onChange({ step_limit: Number(steps) })} />}</Field>
        <Field label="Ways">{(ids) => <Select {...ids} value={String(search.edge_limit ?? DEFAULT_EDGES)} options={numbers([10, 20, 30, 50, 100], search.edge_limit ?? DEFAULT_EDGES)} onChange={(edges) => onChange({ edge_limit: Number(edges) })} />}</Field>
      </div>
    </Section>
  );
}

function numbers(usual: readonly number[], own: number) {
  return withOwn(usual, own).map((choice) => ({ value: String(choice), label: String(choice) }));
}

function Removable({ name, onRemove }: { readonly name: string; readonly onRemove: () => void }) {
  return (
    <div className={styles.line}>
      <span>{name}</span>
      <IconButton label={`Remove ${name}`} icon={<X size={16} />} onClick={onRemove} />
    </div>
  );
}

function EndsSection({ search, onChange }: PathsProps) {
  return (
    <Section title="Between">
      <NodePicker label="Start at" value={search.start} search={search} onChange={(start) => onChange({ start })} />
      <NodePicker label="End at" value={search.end} search={search} onChange={(end) => onChange({ end })} />
    </Section>
  );
}

interface NodePickerProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly search: PathsSearch;
  readonly onChange: (node: string | undefined) => void;
}

function NodePicker({ label, value, search, onChange }: NodePickerProps) {
  const options = useNodes(search);
  return (
    <div className={styles.line}>
      <Combobox label={label} value={value ?? null} display={value && `${label} ${nodeName(value)}`} options={options} onChange={onChange} placeholder={`${label} any`} searchPlaceholder="Find a page or an event" freeText />
      {value && <IconButton label={`Remove: ${label}`} icon={<X size={16} />} onClick={() => onChange(undefined)} />}
    </div>
  );
}

/** Pages while somebody types, and the events that are steps. */
function useNodes(search: PathsSearch) {
  const include = includeOf(search);
  const events = useEventOptions(false);
  const catalogue = useCatalogue(PAGES);
  const pages = catalogue.values("$pathname");
  const isStep = ({ value }: ComboboxOption) => include.includes(value) || (include.includes(CUSTOM) && !value.startsWith("$"));
  return async (typed: string, signal: AbortSignal): Promise<ComboboxOption[]> => {
    const found = include.includes(PAGES) ? await pages(typed, signal) : [];
    const named = events.filter((option) => isStep(option) && option.value !== PAGES && `${option.label} ${option.value}`.toLowerCase().includes(typed.toLowerCase()));
    return [...found.map((page) => ({ ...page, group: "Pages" })), ...named];
  };
}

function ExcludeSection({ search, onChange }: PathsProps) {
  const nodes = useNodes(search);
  const exclude = search.exclude ?? [];
  const put = (next: readonly string[]) => onChange({ exclude: next.length > 0 ? [...next] : undefined });
  return (
    <Section title="Leave out">
      {exclude.map((node) => (
        <Removable key={node} name={nodeName(node)} onRemove={() => put(exclude.filter((one) => one !== node))} />
      ))}
      <Combobox label="Leave out a step" value={null} options={nodes} onChange={(node) => put([...exclude.filter((one) => one !== node), node])} placeholder="Choose a page or an event" searchPlaceholder="Find a page or an event" freeText />
    </Section>
  );
}

function CleaningSection({ search, onChange }: PathsProps) {
  const rules = search.path_cleaning ?? [];
  const put = (next: Cleaning[]) => onChange({ path_cleaning: next.length > 0 ? next : undefined });
  return (
    <Section title="Take addresses together" hint="What matches the pattern becomes the word: /orders/\d+ and /orders/:id">
      {rules.map((rule, index) => (
        <Removable key={`${index}${rule.pattern}`} name={`${rule.pattern} → ${rule.alias || "nothing"}`} onRemove={() => put(rules.filter((_, position) => position !== index))} />
      ))}
      <NewRule onAdd={(rule) => put([...rules, rule])} />
    </Section>
  );
}

function NewRule({ onAdd }: { readonly onAdd: (rule: Cleaning) => void }) {
  const [rule, setRule] = useState<Cleaning>({ pattern: "", alias: "" });
  return (
    <form
      className={styles.entries}
      onSubmit={(event) => {
        event.preventDefault();
        if (!rule.pattern) return;
        onAdd(rule);
        setRule({ pattern: "", alias: "" });
      }}
    >
      <div className={styles.pair}>
        <Input aria-label="Pattern" mono placeholder="/orders/\d+" value={rule.pattern} onChange={(event) => setRule({ ...rule, pattern: event.target.value })} />
        <Input aria-label="Becomes" mono placeholder="/orders/:id" value={rule.alias} onChange={(event) => setRule({ ...rule, alias: event.target.value })} />
      </div>
      {rule.pattern && <Button type="submit">Add rule</Button>}
    </form>
  );
}
