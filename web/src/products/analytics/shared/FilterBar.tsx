import { GitCompareArrows } from "lucide-react";

import { Button, classes, Select, Tooltip, useShortcut } from "@/design";
import type { Interval } from "@/charts/spec";

import styles from "./FilterBar.module.css";
import { FilterList } from "./FilterList";
import type { Filter } from "./filters";
import { chosenInterval, sensibleIntervals, type PeriodSearch } from "./periods";
import { PeriodPicker } from "./PeriodPicker";

interface PeriodBarProps {
  readonly period: PeriodSearch;
  readonly compares?: boolean;
  readonly onChange: (patch: PeriodSearch) => void;
  /** Reports that are not cut into buckets have no interval. */
  readonly hasInterval?: boolean;
  /** Reports that know no period before cannot compare. */
  readonly canCompare?: boolean;
}

const INTERVAL_NAMES: Record<Interval, string> = {
  minute: "By minute",
  hour: "By hour",
  day: "By day",
  week: "By week",
  month: "By month",
};

/** Range, interval and comparison: the same three on every report that has them. */
export function PeriodBar({ period, compares = false, onChange, hasInterval = true, canCompare = true }: PeriodBarProps) {
  return (
    <div className={styles.periodBar}>
      <PeriodPicker period={period} onChange={onChange} />
      {hasInterval && (
        <div className={styles.interval}>
          <Select
            aria-label="Interval"
            value={chosenInterval(period)}
            options={sensibleIntervals(period).map((interval) => ({ value: interval, label: INTERVAL_NAMES[interval] }))}
            onChange={(interval) => onChange({ interval })}
          />
        </div>
      )}
      {canCompare && <CompareButton compares={compares} onChange={onChange} />}
    </div>
  );
}

function CompareButton({ compares, onChange }: Pick<PeriodBarProps, "onChange"> & { readonly compares: boolean }) {
  const flip = () => onChange({ compare: !compares });
  useShortcut({ keys: "c", label: "Compare with the period before", group: "This page", run: flip });
  return (
    <Tooltip content="Compare with the period before" shortcut="c">
      <Button aria-pressed={compares} className={classes(styles.compare, compares && styles.pressed)} icon={<GitCompareArrows size={16} />} onClick={flip}>
        Compare
      </Button>
    </Tooltip>
  );
}

interface FilterBarProps extends PeriodBarProps {
  readonly filters: readonly Filter[];
  readonly onFilters: (filters: Filter[]) => void;
}

export function FilterBar({ filters, onFilters, ...period }: FilterBarProps) {
  return (
    <div className={styles.bar}>
      <FilterList filters={filters} onChange={onFilters} hasShortcut />
      <PeriodBar {...period} />
    </div>
  );
}
