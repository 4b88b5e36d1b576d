import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useState, type ReactNode } from "react";

import { text } from "@/text";

import { Button, IconButton } from "./Button";
import { classes } from "./classes";
import styles from "./Dialog.module.css";
import { Field, Input } from "./Field";

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, the main one last. */
  footer?: ReactNode;
  /** For lists and code. */
  wide?: boolean;
}

export function Dialog({ open, onOpenChange, ...content }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={styles.scrim}>
          <Content {...content} />
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Content({ wide = false, title, description, children, footer }: Omit<DialogProps, "open" | "onOpenChange">) {
  const giveBack = useGivenBack();
  return (
    <Radix.Content className={classes(styles.dialog, wide && styles.wide)} onOpenAutoFocus={focusDialog} onCloseAutoFocus={giveBack} {...(description ? {} : { "aria-describedby": undefined })}>
      <header className={styles.header}>
        <Radix.Title className={styles.title}>{title}</Radix.Title>
        <Radix.Close asChild>
          <IconButton label={text.common.close} icon={<X size={16} />} />
        </Radix.Close>
      </header>
      {description && <Radix.Description className={styles.description}>{description}</Radix.Description>}
      {children && <div className={styles.body}>{children}</div>}
      {footer && <footer className={styles.footer}>{footer}</footer>}
    </Radix.Content>
  );
}

/** Radix looks who has the focus once a field of the dialog has taken it, and would give it back to that field. */
function useGivenBack(): (event: Event) => void {
  const [before] = useState(focusedBefore);
  return (event) => {
    if (!before?.isConnected) return;
    event.preventDefault();
    before.focus();
  };
}

/** Of a menu, which closes as the dialog opens, the button that opened it. */
function focusedBefore(): HTMLElement | null {
  const focused = document.activeElement;
  const trigger = focused?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  const found = trigger ? document.getElementById(trigger) : focused;
  return found instanceof HTMLElement && found !== document.body ? found : null;
}

/** A field that asks for the focus keeps it; else the dialog itself takes it, not its close button with a tooltip. */
export function focusDialog(event: Event) {
  const dialog = event.currentTarget as HTMLElement;
  event.preventDefault();
  if (!dialog.contains(document.activeElement)) dialog.focus();
}

interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description: ReactNode;
  action: string;
  danger?: boolean;
  busy?: boolean;
  error?: string | null | undefined;
  /** When set, the person must type this before the action can be taken. */
  typeToConfirm?: string;
  onConfirm: () => void;
}

export function ConfirmDialog({ danger = true, busy = false, error, typeToConfirm, onConfirm, action, onOpenChange, ...rest }: ConfirmDialogProps) {
  const [typed, setTyped] = useState("");
  const blocked = typeToConfirm !== undefined && typed.trim() !== typeToConfirm;
  const change = (open: boolean) => {
    setTyped("");
    onOpenChange(open);
  };
  return (
    <Dialog
      {...rest}
      onOpenChange={change}
      footer={
        <>
          <Button onClick={() => change(false)}>{text.common.cancel}</Button>
          <Button variant={danger ? "danger" : "primary"} busy={busy} disabled={blocked} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      {typeToConfirm !== undefined && (
        <Field label={text.common.typeToConfirm(typeToConfirm)} error={error}>
          {(ids) => <Input {...ids} value={typed} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />}
        </Field>
      )}
      {typeToConfirm === undefined && error && (
        <p role="alert" className={styles.error}>
          {error}
        </p>
      )}
    </Dialog>
  );
}
