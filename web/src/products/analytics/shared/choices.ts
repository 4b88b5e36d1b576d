/** The usual numbers of a list of choices, and the chosen one where it is another: an address or a question kept through the API may have any. */
export function withOwn(usual: readonly number[], own: number): number[] {
  return [...new Set([...usual, own])].sort((one, other) => one - other);
}
