import { useEffect, useMemo } from "react";

import { useInsight, type Insight } from "@/api";
import { useProject } from "@/app/project";

import type { QueryRequest } from "../shared/answers";
import { useReport } from "../shared/useReport";
import { useAnswer, useNow, useRefresh } from "../shared/useReportQuery";
import { planDisplay, planRequest, planSaved, readSaved, type InsightKind } from "./kind";
import { namesOnlyInsight, type InsightSearch } from "./search";

export interface SavedInsight {
  readonly insight: Insight | undefined;
  readonly error: unknown;
}

/** A report of one kind: its state in the address, its question, its answer, and the saved insight it came from. */
export interface InsightReport<State extends InsightSearch, Result> {
  readonly kind: InsightKind<State>;
  readonly state: State;
  readonly change: (patch: Partial<State>) => void;
  readonly request: QueryRequest;
  /** The question as it would be saved. */
  readonly kept: object;
  /** How it is shown, as it would be saved. */
  readonly display: object;
  readonly saved: SavedInsight;
  readonly answer: ReturnType<typeof useAnswer<Result>>;
  readonly refresh: ReturnType<typeof useRefresh>;
  /** Everything is chosen, so it is asked. */
  readonly isAsked: boolean;
  readonly showPeople: (title: string, point: Readonly<Record<string, unknown>>) => void;
}

export function useInsightReport<State extends InsightSearch, Result>(kind: InsightKind<State>): InsightReport<State, Result> {
  const { state, change, replace } = useReport(kind.validate);
  const { id, timezone } = useProject();
  const now = useNow();
  const insight = useInsight(id, state.insight);
  const opens = namesOnlyInsight(state) && !insight.isError;
  const saved = insight.data;
  useEffect(() => {
    if (opens && saved) replace(readSaved(kind, saved.query, saved.display));
    // The address is filled once, when the saved insight has arrived.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [opens, saved?.query]);
  const request = useMemo(() => planRequest(kind, state, timezone, now), [kind, state, timezone, now]);
  const isAsked = !opens && (kind.isComplete?.(state) ?? true);
  return {
    kind,
    state,
    change,
    request,
    kept: planSaved(kind, state, timezone, now),
    display: planDisplay(kind, state, saved?.display),
    saved: { insight: saved, error: insight.error },
    answer: useAnswer<Result>(request, { enabled: isAsked }),
    refresh: useRefresh(request),
    isAsked,
    showPeople: (title, point) => change({ people: { title, point } } as Partial<State>),
  };
}
