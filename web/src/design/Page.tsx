import { useEffect, type ReactNode } from "react";

import { text } from "@/text";

import { classes } from "./classes";
import styles from "./Page.module.css";

interface PageProps {
  title: string;
  description?: ReactNode;
  /** At the end of the title line: period, primary action. */
  actions?: ReactNode;
  /** "reading" keeps forms and prose narrow. */
  width?: "full" | "reading";
  children: ReactNode;
}

/** Every page: its one h1, its name in the browser's tab, its width. */
export function Page({ title, description, actions, width = "full", children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${text.product}`;
  }, [title]);
  return (
    <div className={classes(styles.page, width === "reading" && styles.reading)}>
      <header className={styles.header}>
        <div className={styles.heading}>
          <h1>{title}</h1>
          {description && <p className={styles.description}>{description}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
