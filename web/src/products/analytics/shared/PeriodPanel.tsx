import { Globe } from "lucide-react";
import { useState } from "react";

import { useProject } from "@/app/project";
import { Button, classes, Combobox, Field, Input, Kbd } from "@/design";
import { timeZoneOptions } from "@/lib/timeZones";

import styles from "./FilterBar.module.css";
import { chosenRange, dayOf, RANGES, rangeName, type PeriodSearch, type Range } from "./periods";

export interface PeriodPickerProps {
  readonly period: PeriodSearch;
  readonly onChange: (patch: PeriodSearch) => void;
}

const KEYS: Partial<Record<Range, string>> = { today: "d", "7d": "w", "30d": "m" };

interface PeriodPanelProps extends PeriodPickerProps {
  readonly onDone: () => void;
}

/** Presets, two days of one's own, and the zone. The default export because it comes when somebody reaches for it. */
export default function PeriodPanel({ period, onChange, onDone }: PeriodPanelProps) {
  const finish = (patch: PeriodSearch) => {
    onDone();
    onChange({ ...patch, interval: undefined });
  };
  return (
    <div className={styles.period}>
      <Presets chosen={chosenRange(period)} onPick={(range) => finish({ range, from: undefined, to: undefined })} />
      <CustomRange key={`${period.from}${period.to}`} period={period} onApply={(from, to) => finish({ range: "custom", from, to })} />
      <ZonePicker period={period} onChange={onChange} />
    </div>
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
  const [from, setFrom] = useState(dayOf(period.from));
  const [to, setTo] = useState(dayOf(period.to));
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
