/** Shapes of the answers to `funnel`, by view. Rates are per cent. */

export interface FunnelStep {
  readonly name: string;
  readonly event: string | null;
  readonly count: number;
  readonly conversion_from_first: number | null;
  readonly conversion_from_previous: number | null;
  readonly drop_off: number;
  readonly median_seconds: number | null;
  readonly mean_seconds: number | null;
}

export interface FunnelBreakdown {
  readonly breakdown: readonly (string | null)[];
  readonly is_other?: boolean;
  readonly steps: readonly FunnelStep[];
}

export interface StepsResult {
  readonly steps: readonly FunnelStep[];
  readonly bottleneck?: number | null;
  readonly breakdowns?: readonly FunnelBreakdown[];
}

export interface TimeResult {
  /** Where each bin begins, in seconds, and how many took that long. */
  readonly bins: readonly (readonly [number, number])[];
  readonly average: number | null;
  readonly median: number | null;
}

export interface FunnelTrendSeries {
  readonly name: string;
  readonly data: readonly (number | null)[];
  readonly reached_from: readonly number[];
  readonly reached_to: readonly number[];
  readonly breakdown?: readonly (string | null)[];
  readonly is_other?: boolean;
}

export interface FunnelTrendResult {
  readonly labels: readonly string[];
  readonly series: readonly FunnelTrendSeries[];
  readonly incomplete_from?: number | null;
}

export interface Correlation {
  readonly event?: string;
  readonly property?: string;
  readonly value?: string | null;
  readonly odds_ratio: number | null;
  readonly success_count: number;
  readonly failure_count: number;
}

export interface CorrelationResult {
  readonly success: readonly Correlation[];
  readonly failure: readonly Correlation[];
  readonly skewed?: boolean;
}

export type FunnelResult = Partial<StepsResult> & Partial<TimeResult> & Partial<FunnelTrendResult> & Partial<CorrelationResult>;
