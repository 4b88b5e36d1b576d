import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import type { KeyboardEvent, PointerEvent, ReactElement, ReactNode } from "react";

import { classes } from "./classes";
import styles from "./Floating.module.css";
import { Kbd } from "./Kbd";

export interface TriggerProps {
  onPointerEnter?: () => void;
  onPointerDown?: (event: PointerEvent) => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  onClick?: () => void;
  "aria-haspopup"?: "menu";
}

export interface MenuProps {
  /** One focusable element. */
  trigger: ReactElement<TriggerProps>;
  children: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
}

interface MenuRootProps extends MenuProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function MenuRoot({ trigger, children, align = "start", side = "bottom", open, onOpenChange }: MenuRootProps) {
  return (
    <Radix.Root modal={false} open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.menu} align={align} side={side} sideOffset={6} collisionPadding={8} loop>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface MenuItemProps {
  children: ReactNode;
  icon?: ReactNode;
  shortcut?: string;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
}

export function MenuItem({ children, icon, shortcut, danger = false, disabled = false, onSelect }: MenuItemProps) {
  return (
    <Radix.Item className={classes(styles.item, danger && styles.danger)} disabled={disabled} onSelect={onSelect}>
      {icon}
      <span className={styles.itemLabel}>{children}</span>
      {shortcut && <Kbd keys={shortcut} />}
    </Radix.Item>
  );
}

export interface MenuChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string; icon?: ReactNode }[];
  onChange: (value: T) => void;
}

/** One of several inside a menu; the tick shows which. */
export function MenuChoice<T extends string>({ label, value, options, onChange }: MenuChoiceProps<T>) {
  return (
    <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as T)} aria-label={label}>
      <Radix.Label className={styles.heading}>{label}</Radix.Label>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={styles.item}>
          {option.icon}
          <span className={styles.itemLabel}>{option.label}</span>
          <Radix.ItemIndicator>
            <Check size={16} />
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuHeading({ children }: { children: ReactNode }) {
  return <Radix.Label className={styles.heading}>{children}</Radix.Label>;
}

export function MenuSeparator() {
  return <Radix.Separator className={styles.separator} />;
}
