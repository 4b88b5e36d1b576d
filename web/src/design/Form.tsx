import type { FormEvent, ReactNode } from "react";

import styles from "./Form.module.css";

interface FormProps {
  id?: string;
  onSubmit: () => void;
  children: ReactNode;
}

/** Fields under one another; the browser checks what is required, the server the rest. */
export function Form({ id, onSubmit, children }: FormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form id={id} className={styles.form} onSubmit={submit}>
      {children}
    </form>
  );
}

/** Fields beside one another where there is room. */
export function FormRow({ children }: { children: ReactNode }) {
  return <div className={styles.row}>{children}</div>;
}

/** The buttons that end a form. */
export function FormActions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}
