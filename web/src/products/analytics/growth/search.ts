/** What the lifecycle page keeps in its address. */
import { readEventChoice } from "../insight/events";
import { insightSearch } from "../insight/search";
import { fieldsOf, isRecord, listOf, oneOf } from "../shared/reading";

export const TABS = ["lifecycle", "growth_accounting", "power_users"] as const;
export type GrowthTab = (typeof TABS)[number];
export const STATUSES = ["new", "returning", "resurrecting", "dormant"] as const;
export type Status = (typeof STATUSES)[number];

export const validateGrowthSearch = fieldsOf({
  ...insightSearch,
  tab: oneOf(TABS),
  /** What counts as being active. */
  activity: (value: unknown) => (isRecord(value) ? readEventChoice(value) : undefined),
  /** Days that the power-user curve looks at. */
  window: oneOf([7, 28]),
  /** Statuses that are switched off. */
  hidden: listOf(oneOf(STATUSES)),
});

export type GrowthSearch = ReturnType<typeof validateGrowthSearch>;
