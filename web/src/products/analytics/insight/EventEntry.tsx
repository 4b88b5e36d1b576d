import type { ReactNode } from "react";

import { Combobox } from "@/design";

import { ANY_EVENT, useEventOptions } from "../shared/catalogue";
import { FilterList } from "../shared/FilterList";
import { eventName } from "../shared/properties";
import type { EventChoice } from "./events";
import styles from "./Insight.module.css";

interface EventEntryProps<Choice extends EventChoice> {
  /** What it is among others: a letter, a number, a word. */
  readonly mark?: ReactNode;
  readonly label: string;
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
  readonly withAny?: boolean;
  readonly hasFilters?: boolean;
  /** Ends the first line: a menu, a remove button. */
  readonly actions?: ReactNode;
  /** Between the event and its filters. */
  readonly children?: ReactNode;
}

/** Chooses an event and narrows it. */
export function EventEntry<Choice extends EventChoice>({ mark, label, choice, onChange, withAny = true, hasFilters = true, actions, children }: EventEntryProps<Choice>) {
  const events = useEventOptions(withAny);
  return (
    <div className={styles.entry}>
      <div className={mark === undefined ? styles.line : styles.entryHead}>
        {mark !== undefined && (
          <span className={styles.mark} aria-hidden="true">
            {mark}
          </span>
        )}
        <Combobox
          label={label}
          value={choice.event ?? ANY_EVENT}
          display={eventName(choice.event)}
          options={events}
          onChange={(event) => onChange({ ...choice, event: event === ANY_EVENT ? null : event })}
          searchPlaceholder="Find an event"
          freeText
        />
        {actions}
      </div>
      <div className={mark === undefined ? styles.entries : styles.entryBody} hidden={!hasFilters && !children}>
        {children}
        {hasFilters && <FilterList filters={choice.filters ?? []} event={choice.event} onChange={(filters) => onChange({ ...choice, filters: filters.length > 0 ? filters : undefined })} />}
      </div>
    </div>
  );
}
