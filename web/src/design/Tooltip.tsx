import { Tooltip as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";

import styles from "./Floating.module.css";
import { Kbd } from "./Kbd";

interface TooltipProps {
  content: ReactNode;
  shortcut?: string | undefined;
  /** Several sentences. */
  wide?: boolean;
  side?: "top" | "right" | "bottom" | "left";
  /** One focusable element. */
  children: ReactElement;
}

/** Helps, never carries what cannot be learnt otherwise: touch screens do not show it. */
export function Tooltip({ content, shortcut, wide = false, side = "top", children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.tooltip} data-wide={wide || undefined} side={side} sideOffset={6} collisionPadding={8}>
          {content}
          {shortcut && <Kbd keys={shortcut} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={400} skipDelayDuration={200}>
      {children}
    </Radix.Provider>
  );
}
