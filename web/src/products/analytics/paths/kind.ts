import type { InsightKind } from "../insight/kind";
import { PAGES, pathsTitle, planPaths } from "./plan";
import { validatePathsSearch, type PathsSearch } from "./search";

export const PATHS: InsightKind<PathsSearch> = {
  title: "Paths",
  validate: validatePathsSearch,
  plan: planPaths,
  read: (query) => ({ edge_limit: query.edge_limit ?? SERVERS_EDGES, include: query.include ?? SERVERS_INCLUDE }),
  unshown: (query) => [
    query.max_edge_weight != null && "a greatest weight of ways",
    Array.isArray(query.include) && query.include.some((one) => typeof one !== "string") && "steps named by SQL",
  ],
  name: pathsTitle,
  hasInterval: () => false,
  isComplete: ({ within }) => within === undefined || (within.funnel.steps?.length ?? 0) >= FEWEST_STEPS,
};

/** The server takes no funnel of one step. */
const FEWEST_STEPS = 2;
const SERVERS_EDGES = 50;
const SERVERS_INCLUDE = [PAGES];
