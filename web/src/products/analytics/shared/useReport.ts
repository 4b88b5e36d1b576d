import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";

type Raw = Record<string, unknown>;

export interface Report<State> {
  readonly state: State;
  /** Changes some fields; what is undefined leaves the URL. Each change is a step back in the browser's history. */
  readonly change: (patch: Partial<State>) => void;
  /** The same without a step in the history: for what nobody chose. */
  readonly replace: (patch: Partial<State>) => void;
}

/** A page's state, which is its URL: sharing the address shares the report. */
export function useReport<State extends object>(validate: (search: Raw) => State): Report<State> {
  const search = useSearch({ strict: false }) as Raw;
  const navigate = useNavigate();
  const state = useMemo(() => validate(search), [validate, search]);
  const move = (patch: Partial<State>, replace: boolean) => {
    void navigate({ to: ".", search: ((last: Raw) => tidy({ ...last, ...patch })) as never, resetScroll: false, replace });
  };
  return { state, change: (patch) => move(patch, false), replace: (patch) => move(patch, true) };
}

/** Defaults are left out, so that an address holds what somebody chose and nothing else. */
export function tidy(search: Raw): Raw {
  const kept = Object.entries(search).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(kept);
}
