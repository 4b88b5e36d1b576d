import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect, retainSearchParams } from "@tanstack/react-router";

import { instanceQuery, sessionQuery } from "@/api";

import { innerPath, positiveInteger } from "./address";
import { NotFoundPage, PageError } from "./errors";
import { PendingPage } from "./PendingPage";
import { Shell } from "./shell/Shell";

interface RouterContext {
  client: QueryClient;
}

/** A page reads its own part of the address; here it is handed on as it came. */
type OpenSearch = Record<string, unknown>;
const openSearch = (search: OpenSearch): OpenSearch => search;

const rootRoute = createRootRouteWithContext<RouterContext>()({ component: Outlet, notFoundComponent: NotFoundPage });

const setUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/setup",
  component: lazyRouteComponent(() => import("@/products/account/SetUpPage")),
  beforeLoad: async ({ context }) => {
    const instance = await context.client.ensureQueryData(instanceQuery);
    if (!instance.needs_setup) throw redirect({ to: "/sign-in" });
  },
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  component: lazyRouteComponent(() => import("@/products/account/SignInPage")),
  validateSearch: (search: OpenSearch): { next?: string } => ({ next: innerPath(search.next) }),
  beforeLoad: async ({ context, search }) => {
    const instance = await context.client.ensureQueryData(instanceQuery);
    if (instance.needs_setup) throw redirect({ to: "/setup" });
    if (instance.signed_in) throw redirect({ href: search.next ?? "/" });
  },
});

const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "shell",
  component: Shell,
  validateSearch: (search: OpenSearch): { project?: number } => ({ project: positiveInteger(search.project) }),
  search: { middlewares: [retainSearchParams(["project"])] },
  beforeLoad: async ({ context: { client }, location }) => {
    const instance = await client.ensureQueryData(instanceQuery);
    if (instance.needs_setup) throw redirect({ to: "/setup" });
    if (client.getQueryData(sessionQuery.queryKey)) return;
    if (!instance.signed_in) throw redirect({ to: "/sign-in", search: { next: location.href } });
    await client.ensureQueryData(sessionQuery);
  },
});

const under = { getParentRoute: () => shellRoute, validateSearch: openSearch } as const;

const routeTree = rootRoute.addChildren([
  setUpRoute,
  signInRoute,
  shellRoute.addChildren([
    createRoute({ ...under, path: "/", component: lazyRouteComponent(() => import("@/products/analytics/home")) }),
    createRoute({ ...under, path: "/live", component: lazyRouteComponent(() => import("@/products/analytics/live")) }),
    createRoute({ ...under, path: "/trends", component: lazyRouteComponent(() => import("@/products/analytics/trends")) }),
    createRoute({ ...under, path: "/funnels", component: lazyRouteComponent(() => import("@/products/analytics/funnels")) }),
    createRoute({ ...under, path: "/conversion", component: lazyRouteComponent(() => import("@/products/analytics/conversion")) }),
    createRoute({ ...under, path: "/retention", component: lazyRouteComponent(() => import("@/products/analytics/retention")) }),
    createRoute({ ...under, path: "/paths", component: lazyRouteComponent(() => import("@/products/analytics/paths")) }),
    createRoute({ ...under, path: "/journeys", component: lazyRouteComponent(() => import("@/products/analytics/journeys")) }),
    createRoute({ ...under, path: "/events", component: lazyRouteComponent(() => import("@/products/analytics/events")) }),
    createRoute({ ...under, path: "/stickiness", component: lazyRouteComponent(() => import("@/products/analytics/stickiness")) }),
    createRoute({ ...under, path: "/lifecycle", component: lazyRouteComponent(() => import("@/products/analytics/growth")) }),
    createRoute({ ...under, path: "/active-users", component: lazyRouteComponent(() => import("@/products/analytics/active")) }),
    createRoute({ ...under, path: "/sql", component: lazyRouteComponent(() => import("@/products/analytics/sql")) }),
    createRoute({ ...under, path: "/saved", component: lazyRouteComponent(() => import("@/products/insights/SavedPage")) }),
    createRoute({ ...under, path: "/annotations", component: lazyRouteComponent(() => import("@/products/insights/AnnotationsPage")) }),
    createRoute({ ...under, path: "/people", component: lazyRouteComponent(() => import("@/products/people/PeoplePage")) }),
    createRoute({ ...under, path: "/people/$person", component: lazyRouteComponent(() => import("@/products/people/person/PersonPage")) }),
    createRoute({ ...under, path: "/cohorts", component: lazyRouteComponent(() => import("@/products/people/cohorts/CohortsPage")) }),
    createRoute({ ...under, path: "/cohorts/new", component: lazyRouteComponent(() => import("@/products/people/cohorts/NewCohortPage")) }),
    createRoute({ ...under, path: "/cohorts/$cohort", component: lazyRouteComponent(() => import("@/products/people/cohorts/CohortPage")) }),
    createRoute({ ...under, path: "/cohorts/$cohort/edit", component: lazyRouteComponent(() => import("@/products/people/cohorts/EditCohortPage")) }),
    createRoute({ ...under, path: "/segments", component: lazyRouteComponent(() => import("@/products/people/segments/SegmentsPage")) }),
    createRoute({ ...under, path: "/groups", component: lazyRouteComponent(() => import("@/products/people/groups/GroupsPage")) }),
    createRoute({ ...under, path: "/groups/$type/$key", component: lazyRouteComponent(() => import("@/products/people/groups/GroupPage")) }),
    createRoute({ ...under, path: "/install", component: lazyRouteComponent(() => import("@/products/onboarding/InstallPage")) }),
    createRoute({ ...under, path: "/settings", component: lazyRouteComponent(() => import("@/products/settings/ProjectPage")) }),
    createRoute({ ...under, path: "/settings/members", component: lazyRouteComponent(() => import("@/products/settings/MembersPage")) }),
    createRoute({ ...under, path: "/settings/keys", component: lazyRouteComponent(() => import("@/products/settings/KeysPage")) }),
    createRoute({ ...under, path: "/settings/ledger", component: lazyRouteComponent(() => import("@/products/settings/LedgerPage")) }),
    createRoute({ ...under, path: "$", component: NotFoundPage }),
  ]),
]);

export function newRouter(client: QueryClient) {
  return createRouter({
    routeTree,
    context: { client },
    defaultPreload: "intent",
    defaultErrorComponent: PageError,
    defaultPendingComponent: PendingPage,
    defaultPendingMs: 300,
    defaultPendingMinMs: 200,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
