import { useId, type ReactNode } from "react";

import { text } from "@/text";

import { classes } from "./classes";
import styles from "./Panel.module.css";
import { SkeletonRows } from "./Skeleton";
import { EmptyState, ErrorState, NoAccess, Notice, type EmptyKind } from "./States";

export type PanelState =
  | { kind: "ready" }
  | { kind: "loading"; skeleton?: ReactNode }
  | { kind: "empty"; why: EmptyKind; title: string; text?: ReactNode; action?: ReactNode }
  | { kind: "error"; error: unknown; onRetry?: () => void }
  | { kind: "partial"; warnings: readonly string[] }
  | { kind: "no-access"; detail?: string };

interface CardProps {
  children: ReactNode;
  className?: string | undefined;
  /** Without inner padding, for tables and row lists. */
  flush?: boolean;
}

export function Card({ children, className, flush = false }: CardProps) {
  return <section className={classes(styles.card, !flush && styles.padded, className)}>{children}</section>;
}

interface PanelProps {
  title: ReactNode;
  /** One line under the title: what is counted and how. */
  description?: ReactNode;
  /** Buttons at the end of the title line. */
  actions?: ReactNode;
  state?: PanelState;
  children?: ReactNode;
  footer?: ReactNode;
  flush?: boolean;
  className?: string;
  /** New data is on its way while the old is still shown. */
  refreshing?: boolean;
}

/** A card that owns all its states, so that one failure never blanks the page. */
export function Panel({ title, description, actions, state = { kind: "ready" }, children, footer, flush = false, className, refreshing = false }: PanelProps) {
  const id = useId();
  return (
    <section className={classes(styles.card, className)} aria-labelledby={id} aria-busy={state.kind === "loading" || refreshing || undefined}>
      {refreshing && <div className={styles.progress} aria-hidden="true" />}
      <header className={styles.header}>
        <div className={styles.heading}>
          <h2 id={id} className={styles.title}>
            {title}
          </h2>
          {description && <p className={styles.description}>{description}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={classes(styles.body, flush && state.kind !== "loading" && styles.flush)}>
        <PanelBody state={state}>{children}</PanelBody>
      </div>
      {footer && <footer className={styles.footer}>{footer}</footer>}
    </section>
  );
}

function PanelBody({ state, children }: { state: PanelState; children: ReactNode }) {
  switch (state.kind) {
    case "loading":
      return (
        <>
          <span className="visually-hidden" role="status">
            {text.common.loading}
          </span>
          {state.skeleton ?? <SkeletonRows />}
        </>
      );
    case "empty":
      return (
        <EmptyState kind={state.why} title={state.title} action={state.action}>
          {state.text}
        </EmptyState>
      );
    case "error":
      return <ErrorState error={state.error} onRetry={state.onRetry} />;
    case "no-access":
      return <NoAccess detail={state.detail} />;
    case "partial":
      return (
        <>
          {state.warnings.map((warning) => (
            <Notice key={warning}>{warning}</Notice>
          ))}
          {children}
        </>
      );
    case "ready":
      return children;
  }
}

interface QueryLike {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  refetch: () => unknown;
}

/** The state of a panel that shows one query; give `empty` when the answer has nothing in it. */
export function panelState(query: QueryLike, options: { skeleton?: ReactNode; empty?: Extract<PanelState, { kind: "empty" }> | false | null; warnings?: readonly string[] } = {}): PanelState {
  if (query.isPending) return { kind: "loading", skeleton: options.skeleton };
  if (query.isError) return { kind: "error", error: query.error, onRetry: () => void query.refetch() };
  if (options.empty) return options.empty;
  if (options.warnings?.length) return { kind: "partial", warnings: options.warnings };
  return { kind: "ready" };
}
