import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";

import styles from "./Button.module.css";
import { classes } from "./classes";
import { Spinner } from "./Spinner";
import { Tooltip } from "./Tooltip";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger" | "dangerQuiet";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: ButtonVariant;
  /** Shown before the label; pass a lucide icon element. */
  icon?: ReactNode;
  iconAfter?: ReactNode;
  /** Shows a spinner and ignores clicks, keeping the width and the focus. */
  busy?: boolean;
  wide?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant = "secondary", icon, iconAfter, busy = false, wide = false, children, className, onClick, type = "button", ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={classes(styles.button, styles[variant], wide && styles.wide, className)}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <Spinner /> : icon}
      {children !== undefined && <span className={styles.label}>{children}</span>}
      {iconAfter}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "aria-label" | "children"> {
  /** Read by screen readers and shown as the tooltip. */
  label: string;
  icon: ReactNode;
  shortcut?: string;
  /** Shown in place of the name: what the button tells more of, such as a definition. */
  hint?: string | undefined;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ label, icon, shortcut, hint, className, type = "button", ...rest }: IconButtonProps) {
  return (
    <Tooltip content={hint ?? label} shortcut={shortcut} wide={hint !== undefined}>
      <button {...rest} type={type} aria-label={label} className={classes(styles.button, styles.ghost, styles.iconOnly, className)}>
        {icon}
      </button>
    </Tooltip>
  );
}
