import type { Ledger } from "@/api";

export function sumOf(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** Received minus all that became of it; zero when the books are right. */
export function differenceOf({ received, stored, deduplicated, dropped, pending }: Ledger): number {
  return received - stored - deduplicated - sumOf(dropped) - pending;
}
