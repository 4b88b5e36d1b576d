/** What the live page keeps in its URL. */
import { z } from "zod";

const schema = z.object({
  event: z.string().min(1).optional().catch(undefined),
});

export type LiveSearch = z.infer<typeof schema>;

export function validateLiveSearch(search: Record<string, unknown>): LiveSearch {
  return schema.parse(search);
}
