import type { InsightKind } from "../insight/kind";
import { pathsTitle, planPaths } from "./plan";
import { validatePathsSearch, type PathsSearch } from "./search";

export const PATHS: InsightKind<PathsSearch> = {
  title: "Paths",
  validate: validatePathsSearch,
  plan: planPaths,
  name: pathsTitle,
  hasInterval: () => false,
};
