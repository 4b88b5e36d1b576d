import { CalendarDays, ChevronDown } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import { Button, Popover, SkeletonRows, useShortcut } from "@/design";

import styles from "./FilterBar.module.css";
import type { PeriodPickerProps } from "./PeriodPanel";
import { rangeName, type Range } from "./periods";

const loadPanel = () => import("./PeriodPanel");
const PeriodPanel = lazy(loadPanel);

/** The range of time: presets with their keys, or two days of one's own. */
export function PeriodPicker({ period, onChange }: PeriodPickerProps) {
  const [open, setOpen] = useState(false);
  const pick = (range: Range) => onChange({ range, from: undefined, to: undefined, interval: undefined });
  useShortcut({ keys: "d", label: "Today", group: "This page", run: () => pick("today") });
  useShortcut({ keys: "w", label: "Last 7 days", group: "This page", run: () => pick("7d") });
  useShortcut({ keys: "m", label: "Last 30 days", group: "This page", run: () => pick("30d") });
  const trigger = (
    <Button icon={<CalendarDays size={16} />} iconAfter={<ChevronDown size={14} />} onPointerEnter={() => void loadPanel()} onFocus={() => void loadPanel()}>
      {rangeName(period)}
    </Button>
  );
  const coming = (
    <div className={styles.editor}>
      <SkeletonRows rows={6} />
    </div>
  );
  return (
    <Popover trigger={trigger} label="Date range" open={open} onOpenChange={setOpen}>
      <Suspense fallback={coming}>
        <PeriodPanel period={period} onChange={onChange} onDone={() => setOpen(false)} />
      </Suspense>
    </Popover>
  );
}
