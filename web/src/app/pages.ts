import { Activity, BookCheck, Bookmark, Building2, ChartPie, ContactRound, MessageSquareText, UsersRound, CalendarCheck2, ChartLine, ChartNoAxesColumn, DatabaseZap, Filter, House, KeyRound, List, Percent, Plug, Repeat, Route, Settings2, UserCheck, Users, Waypoints, type LucideIcon } from "lucide-react";

import { text } from "@/text";

export type PageGroup = "watch" | "analyse" | "audience" | "project";
export type PagePath =
  | "/"
  | "/live"
  | "/trends"
  | "/funnels"
  | "/conversion"
  | "/retention"
  | "/paths"
  | "/journeys"
  | "/events"
  | "/stickiness"
  | "/lifecycle"
  | "/active-users"
  | "/sql"
  | "/saved"
  | "/annotations"
  | "/people"
  | "/cohorts"
  | "/segments"
  | "/groups"
  | "/install"
  | "/settings"
  | "/settings/members"
  | "/settings/keys"
  | "/settings/ledger";

export interface PageEntry {
  path: PagePath;
  label: string;
  group: PageGroup;
  icon: LucideIcon;
  /** Pressed after `g`. */
  letter: string;
  /** Has pages of its own below it, which it is the way back from. */
  isParent?: boolean;
}

/** The pages of the sidebar, the palette and the `g` shortcuts. A page is listed here once its route exists. */
export const PAGES: readonly PageEntry[] = [
  { path: "/", label: text.nav.home, group: "watch", icon: House, letter: "h" },
  { path: "/live", label: text.nav.live, group: "watch", icon: Activity, letter: "l" },
  { path: "/saved", label: text.nav.saved, group: "watch", icon: Bookmark, letter: "v" },
  { path: "/trends", label: text.nav.trends, group: "analyse", icon: ChartLine, letter: "t" },
  { path: "/funnels", label: text.nav.funnels, group: "analyse", icon: Filter, letter: "f" },
  { path: "/conversion", label: text.nav.conversion, group: "analyse", icon: Percent, letter: "x" },
  { path: "/retention", label: text.nav.retention, group: "analyse", icon: CalendarCheck2, letter: "r" },
  { path: "/paths", label: text.nav.paths, group: "analyse", icon: Route, letter: "p" },
  { path: "/journeys", label: text.nav.journeys, group: "analyse", icon: Waypoints, letter: "j" },
  { path: "/events", label: text.nav.topEvents, group: "analyse", icon: List, letter: "b" },
  { path: "/stickiness", label: text.nav.stickiness, group: "analyse", icon: Repeat, letter: "y" },
  { path: "/lifecycle", label: text.nav.lifecycle, group: "analyse", icon: ChartNoAxesColumn, letter: "c" },
  { path: "/active-users", label: text.nav.activeUsers, group: "analyse", icon: UserCheck, letter: "a" },
  { path: "/sql", label: text.nav.sql, group: "analyse", icon: DatabaseZap, letter: "q" },
  { path: "/annotations", label: text.nav.annotations, group: "analyse", icon: MessageSquareText, letter: "n" },
  { path: "/people", label: text.nav.people, group: "audience", icon: ContactRound, letter: "u", isParent: true },
  { path: "/cohorts", label: text.nav.cohorts, group: "audience", icon: UsersRound, letter: "o", isParent: true },
  { path: "/segments", label: text.nav.segments, group: "audience", icon: ChartPie, letter: "e" },
  { path: "/groups", label: text.nav.groups, group: "audience", icon: Building2, letter: "g", isParent: true },
  { path: "/install", label: text.nav.install, group: "project", icon: Plug, letter: "i" },
  { path: "/settings/ledger", label: text.nav.ledger, group: "project", icon: BookCheck, letter: "d" },
  { path: "/settings/members", label: text.nav.members, group: "project", icon: Users, letter: "m" },
  { path: "/settings/keys", label: text.nav.keys, group: "project", icon: KeyRound, letter: "k" },
  { path: "/settings", label: text.nav.settings, group: "project", icon: Settings2, letter: "s" },
];

/** The page at a path; of one below a parent, the parent. */
export function pageAt(path: string): PageEntry | undefined {
  return PAGES.find((page) => page.path === path) ?? PAGES.find((page) => page.isParent && path.startsWith(`${page.path}/`));
}

/** The group of the page at a path; pages below a parent are of its group. */
export function groupAt(path: string): PageGroup | undefined {
  return pageAt(path)?.group;
}

interface GroupEntry {
  group: PageGroup;
  label: string;
  /** Shows its pages before anybody chose. */
  startsOpen?: boolean;
}

export const PAGE_GROUPS: readonly GroupEntry[] = [
  { group: "watch", label: text.nav.watch, startsOpen: true },
  { group: "analyse", label: text.nav.analyse, startsOpen: true },
  { group: "audience", label: text.nav.audience },
  { group: "project", label: text.nav.project },
];
