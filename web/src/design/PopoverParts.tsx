import { Popover as Radix } from "radix-ui";
import type { FocusEvent, MouseEvent, PointerEvent, ReactElement, ReactNode } from "react";

import styles from "./Floating.module.css";

export interface PopoverTriggerProps {
  onPointerEnter?: ((event: PointerEvent<HTMLButtonElement>) => void) | undefined;
  onFocus?: ((event: FocusEvent<HTMLButtonElement>) => void) | undefined;
  onClick?: ((event: MouseEvent<HTMLButtonElement>) => void) | undefined;
  "aria-haspopup"?: "dialog";
  "aria-expanded"?: boolean;
}

export interface PopoverProps {
  /** One focusable element. */
  trigger: ReactElement<PopoverTriggerProps>;
  /** Names the floating panel for screen readers. */
  label: string;
  children: ReactNode;
  align?: "start" | "center" | "end";
}

interface PopoverRootProps extends PopoverProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function PopoverRoot({ trigger, label, children, open, onOpenChange, align = "start" }: PopoverRootProps) {
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
