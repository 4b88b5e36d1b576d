import type { InsightKind } from "../insight/kind";
import { pathsTitle, planPaths } from "./plan";
import { validatePathsSearch, type PathsSearch } from "./search";

export const PATHS: InsightKind<PathsSearch> = {
  title: "Paths",
  validate: validatePathsSearch,
  plan: planPaths,
  read: (query) => ({ edge_limit: query.edge_limit ?? SERVERS_EDGES }),
  unshown: (query) => [
    query.max_edge_weight != null && "a greatest weight of ways",
    Array.isArray(query.include) && query.include.some((one) => typeof one !== "string") && "steps named by SQL",
  ],
  name: pathsTitle,
  hasInterval: () => false,
};

const SERVERS_EDGES = 50;
