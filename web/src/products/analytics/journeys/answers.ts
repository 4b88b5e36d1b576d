/** The answer to `person_journey`. */
import type { FoundPerson } from "@/api";
import type { PersonEvent } from "@/api/persons";

/** An event with the number of its session, which it has whether or not the client named one. */
export interface SessionEvent extends PersonEvent {
  readonly session: string;
}

export interface JourneySession {
  readonly session: string;
  readonly session_id: string;
  readonly start: string;
  readonly end: string;
  readonly duration_seconds: number;
  readonly events: number;
  readonly pageviews: number;
  readonly entry_path: string;
  readonly exit_path: string;
  readonly referrer_host: string;
  readonly channel: string;
  readonly browser: string;
  readonly os: string;
  readonly device: string;
  readonly country: string;
}

export interface JourneyStep {
  readonly name: string;
  readonly reached_at: string | null;
}

export interface JourneyProgress {
  readonly steps: readonly JourneyStep[];
  /** From 0; nothing for none. */
  readonly step_reached: number | null;
  readonly converted: boolean;
}

export interface JourneyResult {
  readonly person: FoundPerson | null;
  readonly events: readonly SessionEvent[];
  /** Those that the page's events belong to, as a whole. */
  readonly sessions: readonly JourneySession[];
  readonly next_cursor: string | null;
  readonly funnel?: JourneyProgress;
}
