import { Command } from "cmdk";
import { Check, ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { useEffect, useId, useState, type ReactNode } from "react";

import { text } from "@/text";

import { classes } from "./classes";
import styles from "./Combobox.module.css";
import type { ControlIds } from "./Field";
import { Spinner } from "./Spinner";

export interface ComboboxOption {
  value: string;
  label?: string;
  /** Shown dim at the end of the line: a count, a type. */
  detail?: ReactNode;
  group?: string;
}

/** All options at once, or a function that finds them while the person types. */
export type ComboboxSource = readonly ComboboxOption[] | ((search: string, signal: AbortSignal) => Promise<readonly ComboboxOption[]>);

interface ComboboxProps extends Partial<ControlIds> {
  value: string | null;
  onChange: (value: string) => void;
  options: ComboboxSource;
  /** Names the control when no Field does. */
  label?: string;
  placeholder?: string;
  searchPlaceholder?: string;
  /** Lets the person take what they typed even when it is not listed. */
  freeText?: boolean;
  icon?: ReactNode;
  disabled?: boolean;
  /** Shown in place of the value; for "any event" and the like. */
  display?: ReactNode;
  className?: string;
  /** "chip" is only as wide as its value, for filter and series rows. */
  shape?: "control" | "chip";
}

export function Combobox({ value, onChange, options, label, placeholder, searchPlaceholder, freeText = false, icon, disabled, display, className, shape = "control", ...ids }: ComboboxProps) {
  const [open, setOpen] = useState(false);
  const listId = useId();
  const choose = (next: string) => {
    setOpen(false);
    onChange(next);
  };
  const shown = display ?? labelOf(value, options) ?? <span className={styles.placeholder}>{placeholder ?? text.common.choose}</span>;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button {...ids} type="button" role="combobox" aria-controls={listId} aria-expanded={open} aria-label={label} disabled={disabled} className={classes(styles.trigger, styles[shape], className)}>
          {icon}
          <span className={styles.value}>{shown}</span>
          <ChevronDown className={styles.chevron} size={14} aria-hidden="true" />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content id={listId} className={styles.content} align="start" sideOffset={4} collisionPadding={8} aria-label={label ?? text.common.choose}>
          <OptionList value={value} options={options} freeText={freeText} searchPlaceholder={searchPlaceholder} onChoose={choose} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface OptionListProps {
  value: string | null;
  options: ComboboxSource;
  freeText: boolean;
  searchPlaceholder: string | undefined;
  onChoose: (value: string) => void;
}

function OptionList({ value, options, freeText, searchPlaceholder, onChoose }: OptionListProps) {
  const [search, setSearch] = useState("");
  const { found, loading, failed } = useOptions(options, search);
  const typed = search.trim();
  const offerTyped = freeText && typed !== "" && !found.some((option) => option.value === typed);
  return (
    <Command shouldFilter={false} label={searchPlaceholder ?? text.common.search} loop>
      <div className={styles.search}>
        <Command.Input value={search} onValueChange={setSearch} placeholder={searchPlaceholder ?? text.common.search} className={styles.input} />
        {loading && <Spinner />}
      </div>
      <Command.List className={styles.list}>
        {!loading && !offerTyped && <Command.Empty className={styles.empty}>{failed ? text.common.couldNotLoad : text.common.noMatches}</Command.Empty>}
        {groupsOf(found).map(([group, members]) => (
          <Command.Group key={group} heading={group || undefined} className={styles.group}>
            {members.map((option) => (
              <Command.Item key={option.value} value={`${group}/${option.value}`} className={styles.item} onSelect={() => onChoose(option.value)}>
                <span className={styles.value}>{option.label ?? option.value}</span>
                {option.detail !== undefined && <span className={styles.detail}>{option.detail}</span>}
                {option.value === value && <Check size={14} aria-label={text.common.chosen} />}
              </Command.Item>
            ))}
          </Command.Group>
        ))}
        {offerTyped && (
          <Command.Item value={`typed/${typed}`} className={styles.item} onSelect={() => onChoose(typed)}>
            <span className={styles.value}>{text.common.use(typed)}</span>
          </Command.Item>
        )}
      </Command.List>
    </Command>
  );
}

interface Found {
  found: readonly ComboboxOption[];
  loading: boolean;
  failed: boolean;
}

interface Answer {
  search: string | null;
  found: readonly ComboboxOption[];
  failed: boolean;
}

const TYPING_PAUSE_MS = 150;

/** The options for what is typed; those of the last search stay in sight until the next arrive. */
function useOptions(source: ComboboxSource, search: string): Found {
  const [answer, setAnswer] = useState<Answer>({ search: null, found: [], failed: false });
  useEffect(() => {
    if (typeof source !== "function") return;
    const stop = new AbortController();
    const settle = (found: readonly ComboboxOption[], failed: boolean) => !stop.signal.aborted && setAnswer({ search, found, failed });
    const ask = () => void source(search.trim(), stop.signal).then((found) => settle(found, false), () => settle([], true));
    const timer = setTimeout(ask, search === "" ? 0 : TYPING_PAUSE_MS);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
    // A source made anew on every render must not ask again: only what is typed does.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [search]);
  if (typeof source === "function") return { ...answer, loading: answer.search !== search };
  return { found: narrow(source, search), loading: false, failed: false };
}

function narrow(options: readonly ComboboxOption[], search: string): readonly ComboboxOption[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return options.filter((option) => {
    const haystack = `${option.label ?? ""} ${option.value}`.toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}

function groupsOf(options: readonly ComboboxOption[]): [string, ComboboxOption[]][] {
  const groups = new Map<string, ComboboxOption[]>();
  for (const option of options) {
    const group = option.group ?? "";
    groups.set(group, [...(groups.get(group) ?? []), option]);
  }
  return [...groups];
}

function labelOf(value: string | null, options: ComboboxSource): string | null {
  if (value === null || value === "") return null;
  if (typeof options === "function") return value;
  return options.find((option) => option.value === value)?.label ?? value;
}
