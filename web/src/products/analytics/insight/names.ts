/** The server takes no longer ones. */
export const LONGEST_NAME = 120;

/** What is suggested as a name fits: a funnel of many steps, or an event of a long name, says more than a name may. */
export function fittingName(suggestion: string): string {
  const letters = [...suggestion];
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 1).join("")}…` : suggestion;
}
