import { Popover as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";

import styles from "./Floating.module.css";

interface PopoverProps {
  /** One focusable element. */
  trigger: ReactElement;
  /** Names the floating panel for screen readers. */
  label: string;
  children: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  align?: "start" | "center" | "end";
}

export function Popover({ trigger, label, children, open, onOpenChange, align = "start" }: PopoverProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.popover} aria-label={label} align={align} sideOffset={6} collisionPadding={8}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export const PopoverClose = Radix.Close;
