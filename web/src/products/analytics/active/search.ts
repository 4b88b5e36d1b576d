/** What the active-users page keeps in its address. */
import { insightSearch } from "../insight/search";
import { fieldsOf, oneOf } from "../shared/reading";

export const WINDOWS = ["dau", "wau", "mau", "engagement"] as const;
export type ActiveWindow = (typeof WINDOWS)[number];

export const validateActiveSearch = fieldsOf({
  ...insightSearch,
  show: oneOf(WINDOWS),
});

export type ActiveSearch = ReturnType<typeof validateActiveSearch>;
