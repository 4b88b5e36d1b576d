import type { Point } from "./spec";

interface SparklineProps {
  readonly data: readonly Point[];
  readonly width?: number;
  readonly height?: number;
  readonly colour?: string;
  /** Index of the first bucket that is not over yet; left off, so that a line never ends in a false drop. */
  readonly incompleteFrom?: number | undefined;
}

/** A line as small as a word. It says nothing its neighbour does not, so screen readers skip it. */
export function Sparkline({ data, width = 96, height = 24, colour = "var(--series-1)", incompleteFrom }: SparklineProps) {
  const path = sparklinePath(data.slice(0, incompleteFrom ?? data.length), width, height);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
      <path d={path} fill="none" stroke={colour} strokeWidth="1.5" strokeLinejoin="round" strokeLinecap="round" />
    </svg>
  );
}

/** Straight lines from point to point, the floor at zero, a new start after every gap. */
export function sparklinePath(data: readonly Point[], width: number, height: number): string {
  const measured = data.filter((value): value is number => value !== null);
  const high = Math.max(0, ...measured);
  const low = Math.min(0, ...measured);
  const range = high - low || 1;
  const x = (index: number) => round(1 + (index * (width - 2)) / Math.max(1, data.length - 1));
  const y = (value: number) => round(1 + (1 - (value - low) / range) * (height - 2));
  return data
    .map((value, index) => {
      if (value === null) return "";
      const starts = (data[index - 1] ?? null) === null;
      return `${starts ? "M" : "L"}${x(index)} ${y(value)}`;
    })
    .join("");
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
