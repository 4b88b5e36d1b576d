import type { InsightKind } from "../insight/kind";
import { planRetention, retentionTitle } from "./plan";
import { validateRetentionSearch, type RetentionSearch } from "./search";

export const RETENTION: InsightKind<RetentionSearch> = {
  title: "Retention",
  validate: validateRetentionSearch,
  plan: planRetention,
  display: ["view", "show"],
  name: retentionTitle,
  hasInterval: () => false,
};
