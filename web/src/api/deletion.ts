/** While a thing is deleted, and until its page is left, nobody asks the server for it: the answer would be a 404. */
import { useMutationState } from "@tanstack/react-query";

/** Options of a deletion: who comes back to the address later is told that the thing is gone. */
export const FORGOTTEN_WITH_ITS_PAGE = { gcTime: 0 } as const;

/** For a query's `enabled`: whether the thing with this deletion is still there to be asked for. */
export function useStays(mutationKey: readonly unknown[]): boolean {
  const states = useMutationState({ filters: { mutationKey: [...mutationKey], exact: true }, select: ({ state }) => state.status });
  return !states.some((status) => status === "pending" || status === "success");
}
