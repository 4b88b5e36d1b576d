import { useEffect, type ReactNode } from "react";

import { useInstance } from "@/api";
import { Logo } from "@/app/Logo";
import { ThemeMenu } from "@/app/shell/ThemeMenu";
import { text } from "@/text";

import styles from "./Account.module.css";

interface AccountFrameProps {
  title: string;
  description?: string;
  children: ReactNode;
}

/** The quiet page around sign-in and set-up. */
export function AccountFrame({ title, description, children }: AccountFrameProps) {
  const { data: instance } = useInstance();
  useEffect(() => {
    document.title = `${title} · ${text.product}`;
  }, [title]);
  return (
    <div className={styles.frame}>
      <header className={styles.top}>
        <Logo />
        <ThemeMenu />
      </header>
      <main className={styles.main}>
        <div className={styles.intro}>
          <h1>{title}</h1>
          {description && <p className={styles.description}>{description}</p>}
        </div>
        {children}
      </main>
      <footer className={styles.foot}>{instance && `${text.product} ${instance.version}`}</footer>
    </div>
  );
}
