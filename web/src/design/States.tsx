import { CircleAlert, Inbox, Info, Lock, SearchX, Settings2, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

import { ApiError } from "@/api/client";
import { text } from "@/text";

import { Button } from "./Button";
import styles from "./Panel.module.css";

export type EmptyKind = "nothing-yet" | "no-match" | "not-set-up";

const EMPTY_ICONS = { "nothing-yet": Inbox, "no-match": SearchX, "not-set-up": Settings2 } as const;

interface EmptyStateProps {
  /** nothing-yet: no data so far; no-match: a filter removed all; not-set-up: one action is missing. */
  kind: EmptyKind;
  title: string;
  children?: ReactNode;
  /** One button at most: clear the filter, set it up. */
  action?: ReactNode;
}

export function EmptyState({ kind, title, children, action }: EmptyStateProps) {
  const Icon = EMPTY_ICONS[kind];
  return (
    <div className={styles.state}>
      <Icon className={styles.stateIcon} size={20} aria-hidden="true" />
      <p className={styles.stateTitle}>{title}</p>
      {children && <div className={styles.stateText}>{children}</div>}
      {action}
    </div>
  );
}

interface ErrorStateProps {
  error: unknown;
  onRetry?: () => void;
}

/** What went wrong, what to do, and the number support needs. Missing rights are told apart from failures. */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  if (error instanceof ApiError && error.status === 403) return <NoAccess detail={error.message} />;
  const problem = error instanceof ApiError ? error : null;
  return (
    <div className={styles.state} role="alert">
      <CircleAlert className={styles.stateBad} size={20} aria-hidden="true" />
      <p className={styles.stateTitle}>{problem?.title ?? text.errors.unexpected}</p>
      <p className={styles.stateText}>
        {problem?.message ?? (error instanceof Error ? error.message : text.errors.unknown)}
        {problem?.hint && <> {problem.hint}</>}
      </p>
      {onRetry && <Button onClick={onRetry}>{text.common.tryAgain}</Button>}
      {problem?.requestId && (
        <p className={styles.requestId}>
          {text.errors.requestId} <code>{problem.requestId}</code>
        </p>
      )}
    </div>
  );
}

export function NoAccess({ detail }: { detail?: string }) {
  return (
    <div className={styles.state}>
      <Lock className={styles.stateIcon} size={20} aria-hidden="true" />
      <p className={styles.stateTitle}>{text.errors.noAccess}</p>
      <p className={styles.stateText}>{detail ?? text.errors.noAccessHint}</p>
    </div>
  );
}

/** Part of the answer is missing or approximate; the rest is shown below. */
export function Notice({ tone = "warn", children }: { tone?: "warn" | "bad" | "neutral"; children: ReactNode }) {
  const Icon = tone === "neutral" ? Info : TriangleAlert;
  return (
    <div className={styles.notice} data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
      <Icon size={16} aria-hidden="true" />
      <div>{children}</div>
    </div>
  );
}
