import { CalendarDays, ChevronDown, Globe } from "lucide-react";
import { useState } from "react";

import { useProject } from "@/app/project";
import { Button, classes, Combobox, Field, Input, Kbd, Popover, useShortcut } from "@/design";

import { timeZoneOptions } from "@/lib/timeZones";

import styles from "./FilterBar.module.css";
import { chosenRange, RANGES, rangeName, type PeriodSearch, type Range } from "./periods";

interface PeriodPickerProps {
  readonly period: PeriodSearch;
  readonly onChange: (patch: PeriodSearch) => void;
}

const KEYS: Partial<Record<Range, string>> = { today: "d", "7d": "w", "30d": "m" };

/** The range of time: presets with their keys, or two days of one's own. */
export function PeriodPicker({ period, onChange }: PeriodPickerProps) {
  const [open, setOpen] = useState(false);
  const pick = (range: Range) => onChange({ range, from: undefined, to: undefined, interval: undefined });
  useShortcut({ keys: "d", label: "Today", group: "This page", run: () => pick("today") });
  useShortcut({ keys: "w", label: "Last 7 days", group: "This page", run: () => pick("7d") });
  useShortcut({ keys: "m", label: "Last 30 days", group: "This page", run: () => pick("30d") });
  const trigger = (
    <Button icon={<CalendarDays size={16} />} iconAfter={<ChevronDown size={14} />}>
      {rangeName(period)}
    </Button>
  );
  return (
    <Popover trigger={trigger} label="Date range" open={open} onOpenChange={setOpen}>
      <div className={styles.period}>
        <Presets
          chosen={chosenRange(period)}
          onPick={(range) => {
            pick(range);
            setOpen(false);
          }}
        />
        <CustomRange
          key={`${period.from}${period.to}`}
          period={period}
          onApply={(from, to) => {
            onChange({ range: "custom", from, to, interval: undefined });
            setOpen(false);
          }}
        />
        <ZonePicker period={period} onChange={onChange} />
      </div>
    </Popover>
  );
}

function Presets({ chosen, onPick }: { readonly chosen: Range; readonly onPick: (range: Range) => void }) {
  return (
    <ul className={styles.presets}>
      {RANGES.filter((range) => range !== "custom").map((range) => (
        <li key={range}>
          <button type="button" className={classes(styles.preset, range === chosen && styles.presetChosen)} aria-pressed={range === chosen} onClick={() => onPick(range)}>
            {rangeName({ range })}
            {KEYS[range] && <Kbd keys={KEYS[range]} />}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Where days begin and end; the project's zone unless another is chosen. */
function ZonePicker({ period, onChange }: PeriodPickerProps) {
  const { timezone } = useProject();
  return (
    <div className={styles.zone}>
      <Combobox
        label="Time zone"
        value={period.zone ?? timezone}
        options={timeZoneOptions()}
        onChange={(zone) => onChange({ zone: zone === timezone ? undefined : zone })}
        searchPlaceholder="Find a time zone"
        icon={<Globe size={14} />}
      />
    </div>
  );
}

interface CustomRangeProps {
  readonly period: PeriodSearch;
  readonly onApply: (from: string, to: string) => void;
}

function CustomRange({ period, onApply }: CustomRangeProps) {
  const [from, setFrom] = useState(period.from?.slice(0, 10) ?? "");
  const [to, setTo] = useState(period.to?.slice(0, 10) ?? "");
  const backwards = from !== "" && to !== "" && from > to;
  return (
    <form
      className={styles.custom}
      onSubmit={(event) => {
        event.preventDefault();
        if (from && to && !backwards) onApply(from, to);
      }}
    >
      <Field label="From">{(ids) => <Input {...ids} type="date" value={from} max={to || undefined} onChange={(event) => setFrom(event.target.value)} />}</Field>
      <Field label="To, included" error={backwards ? "Choose a day on or after the first." : null}>
        {(ids) => <Input {...ids} type="date" value={to} onChange={(event) => setTo(event.target.value)} />}
      </Field>
      <Button type="submit" variant="primary" disabled={!from || !to || backwards}>
        Show these days
      </Button>
    </form>
  );
}
