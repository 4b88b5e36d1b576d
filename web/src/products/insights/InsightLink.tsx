import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { SavedInsight } from "@/api/saved";

import { kindOf } from "./kinds";

interface InsightLinkProps {
  readonly insight: Pick<SavedInsight, "id" | "kind">;
  readonly className?: string | undefined;
  readonly onClick?: (() => void) | undefined;
  readonly children: ReactNode;
}

/** Leads to the page of its kind, with the insight open. */
export function InsightLink({ insight, className, onClick, children }: InsightLinkProps) {
  const { path } = kindOf(insight.kind);
  if (!path) return <span className={className}>{children}</span>;
  return (
    <Link to={path} search={{ insight: insight.id } as never} className={className} activeOptions={{ includeSearch: true, exact: false }} data-row="" onClick={onClick}>
      {children}
    </Link>
  );
}
