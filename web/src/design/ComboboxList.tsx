import { Command } from "cmdk";
import { Check } from "lucide-react";
import { useEffect, useState } from "react";

import { text } from "@/text";

import type { ComboboxOption, ComboboxSource } from "./Combobox";
import styles from "./Combobox.module.css";
import { Spinner } from "./Spinner";

interface ComboboxListProps {
  value: string | null;
  options: ComboboxSource;
  freeText: boolean;
  searchPlaceholder: string | undefined;
  onChoose: (value: string) => void;
}

/** What a Combobox shows when it is open; fetched when the person reaches for it. */
export default function ComboboxList({ value, options, freeText, searchPlaceholder, onChoose }: ComboboxListProps) {
  const [search, setSearch] = useState("");
  const { found, loading, failed } = useOptions(options, search);
  const typed = search.trim();
  const offerTyped = freeText && typed !== "" && !found.some((option) => option.value === typed);
  return (
    <Command shouldFilter={false} label={searchPlaceholder ?? text.common.search} loop>
      <div className={styles.search}>
        <Command.Input autoFocus value={search} onValueChange={setSearch} placeholder={searchPlaceholder ?? text.common.search} className={styles.input} />
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
