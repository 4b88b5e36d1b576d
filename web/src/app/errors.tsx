import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";

import { ApiError } from "@/api";
import { Button } from "@/design";
import { text } from "@/text";

import styles from "./Fallback.module.css";

export function NotFoundPage() {
  return (
    <Fallback number="404" title={text.errors.notFound} words={text.errors.notFoundHint}>
      <Link to="/">{text.errors.goHome}</Link>
    </Fallback>
  );
}

/** A page that could not be loaded or drawn. The shell around it stays. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const problem = error instanceof ApiError ? error : null;
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Fallback number={problem?.status ? String(problem.status) : ""} title={problem?.title ?? text.errors.pageFailed} words={wordsFor(error)}>
      <Button variant="primary" onClick={retry}>
        {text.common.tryAgain}
      </Button>
      <Button onClick={() => location.reload()}>{text.errors.reload}</Button>
      {problem?.requestId && (
        <p className={styles.small}>
          {text.errors.requestId} <code>{problem.requestId}</code>
        </p>
      )}
    </Fallback>
  );
}

function wordsFor(error: unknown): string {
  if (error instanceof ApiError) return [error.message, error.hint].filter(Boolean).join(" ");
  if (error instanceof Error && /import|module|preload/i.test(error.message)) return text.errors.codeMissing;
  return error instanceof Error ? error.message : text.errors.unknown;
}

interface FallbackProps {
  number: string;
  title: string;
  words: string;
  children: ReactNode;
}

function Fallback({ number, title, words, children }: FallbackProps) {
  useEffect(() => {
    document.title = `${title} · ${text.product}`;
  }, [title]);
  return (
    <div className={styles.fallback} role="alert">
      {number && <p className={styles.number}>{number}</p>}
      <h1>{title}</h1>
      <p className={styles.words}>{words}</p>
      <div className={styles.actions}>{children}</div>
    </div>
  );
}
