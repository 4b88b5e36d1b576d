import { ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { lazy, Suspense, useId, useState, type ReactNode } from "react";

import { text } from "@/text";

import { classes } from "./classes";
import styles from "./Combobox.module.css";
import type { ControlIds } from "./Field";
import { SkeletonRows } from "./Skeleton";

export interface ComboboxOption {
  value: string;
  label?: string;
  /** Shown dim at the end of the line: a count, a type. */
  detail?: ReactNode;
  group?: string;
}

/** All options at once, or a function that finds them while the person types. */
export type ComboboxSource = readonly ComboboxOption[] | ((search: string, signal: AbortSignal) => Promise<readonly ComboboxOption[]>);

const loadList = () => import("./ComboboxList");
const ComboboxList = lazy(loadList);

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
        <button {...ids} type="button" role="combobox" aria-controls={listId} aria-expanded={open} aria-label={label} disabled={disabled} className={classes(styles.trigger, styles[shape], className)} onPointerEnter={() => void loadList()} onFocus={() => void loadList()}>
          {icon}
          <span className={styles.value}>{shown}</span>
          <ChevronDown className={styles.chevron} size={14} aria-hidden="true" />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content id={listId} className={styles.content} align="start" sideOffset={4} collisionPadding={8} aria-label={label ?? text.common.choose}>
          <Suspense fallback={<div className={styles.coming}><SkeletonRows rows={4} /></div>}>
            <ComboboxList value={value} options={options} freeText={freeText} searchPlaceholder={searchPlaceholder} onChoose={choose} />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function labelOf(value: string | null, options: ComboboxSource): string | null {
  if (value === null || value === "") return null;
  if (typeof options === "function") return value;
  return options.find((option) => option.value === value)?.label ?? value;
}
