import { CalendarDays, ChevronDown, X } from "lucide-react";
import { useState } from "react";

import { Button, Combobox, Field, Input, Popover } from "@/design";
import { useEventOptions } from "@/products/analytics/shared/catalogue";
import { eventName } from "@/products/analytics/shared/properties";

import { PERIODS, periodWords, type EventFilter } from "./eventFilter";
import styles from "./People.module.css";

interface EventFilterBarProps {
  readonly filter: EventFilter;
  readonly onChange: (filter: EventFilter) => void;
}

/** Which events a timeline shows: any of some names, in a period. */
export function EventFilterBar({ filter, onChange }: EventFilterBarProps) {
  return (
    <div className={styles.toolbar}>
      <EventNames names={filter.event ?? []} onChange={(event) => onChange({ ...filter, event: event.length > 0 ? event : undefined })} />
      <PeriodChoice key={`${filter.from}${filter.to}`} filter={filter} onChange={(period) => onChange({ ...filter, ...period })} />
    </div>
  );
}

interface EventNamesProps {
  readonly names: readonly string[];
  readonly onChange: (names: readonly string[]) => void;
}

function EventNames({ names, onChange }: EventNamesProps) {
  const options = useEventOptions(false).filter(({ value }) => !names.includes(value));
  return (
    <>
      {names.map((name) => (
        <span key={name} className={styles.tagChip}>
          <span>{eventName(name)}</span>
          <button type="button" aria-label={`No longer only ${eventName(name)}`} onClick={() => onChange(names.filter((one) => one !== name))}>
            <X size={14} aria-hidden="true" />
          </button>
        </span>
      ))}
      <Combobox label="Event" shape="chip" value={null} display={names.length > 0 ? "Or another event" : eventName(null)} options={options} onChange={(name) => !names.includes(name) && onChange([...names, name])} searchPlaceholder="Find an event" freeText />
    </>
  );
}

type Period = Pick<EventFilter, "from" | "to">;

interface PeriodChoiceProps {
  readonly filter: EventFilter;
  readonly onChange: (period: Period) => void;
}

function PeriodChoice({ filter, onChange }: PeriodChoiceProps) {
  const [open, setOpen] = useState(false);
  const finish = (period: Period) => {
    setOpen(false);
    onChange(period);
  };
  const trigger = (
    <Button icon={<CalendarDays size={16} />} iconAfter={<ChevronDown size={14} />}>
      {periodWords(filter)}
    </Button>
  );
  return (
    <Popover trigger={trigger} label="Period" open={open} onOpenChange={setOpen} align="end">
      <div className={styles.dates}>
        <ul>
          {PERIODS.map(({ from, name }) => (
            <li key={name}>
              <button type="button" aria-pressed={filter.from === from && !filter.to} onClick={() => finish({ from, to: undefined })}>
                {name}
              </button>
            </li>
          ))}
        </ul>
        <OwnDays filter={filter} onApply={finish} />
      </div>
    </Popover>
  );
}

function OwnDays({ filter, onApply }: { readonly filter: EventFilter; readonly onApply: (period: Period) => void }) {
  const [from, setFrom] = useState(filter.from?.startsWith("-") ? "" : (filter.from ?? ""));
  const [to, setTo] = useState(filter.to ?? "");
  const isBackwards = from !== "" && to !== "" && from > to;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBackwards) onApply({ from: from || undefined, to: to || undefined });
      }}
    >
      <Field label="From">{(ids) => <Input {...ids} type="date" value={from} onChange={(event) => setFrom(event.target.value)} />}</Field>
      <Field label="To, included" error={isBackwards ? "Choose a day on or after the first." : null}>
        {(ids) => <Input {...ids} type="date" value={to} onChange={(event) => setTo(event.target.value)} />}
      </Field>
      <Button type="submit" variant="primary" disabled={isBackwards || (!from && !to)}>
        Show these days
      </Button>
    </form>
  );
}
