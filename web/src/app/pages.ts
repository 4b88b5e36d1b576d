import { Activity, BookCheck, ChartLine, House, KeyRound, Plug, Settings2, Users, type LucideIcon } from "lucide-react";

import { text } from "@/text";

export type PageGroup = "watch" | "explore" | "project";
export type PagePath = "/" | "/live" | "/trends" | "/install" | "/settings" | "/settings/members" | "/settings/keys" | "/settings/ledger";

export interface PageEntry {
  path: PagePath;
  label: string;
  group: PageGroup;
  icon: LucideIcon;
  /** Pressed after `g`. */
  letter: string;
}

/** The pages of the sidebar, the palette and the `g` shortcuts. A page is listed here once its route exists. */
export const PAGES: readonly PageEntry[] = [
  { path: "/", label: text.nav.home, group: "watch", icon: House, letter: "h" },
  { path: "/live", label: text.nav.live, group: "watch", icon: Activity, letter: "l" },
  { path: "/trends", label: text.nav.trends, group: "explore", icon: ChartLine, letter: "t" },
  { path: "/install", label: text.nav.install, group: "project", icon: Plug, letter: "i" },
  { path: "/settings/ledger", label: text.nav.ledger, group: "project", icon: BookCheck, letter: "d" },
  { path: "/settings/members", label: text.nav.members, group: "project", icon: Users, letter: "m" },
  { path: "/settings/keys", label: text.nav.keys, group: "project", icon: KeyRound, letter: "k" },
  { path: "/settings", label: text.nav.settings, group: "project", icon: Settings2, letter: "s" },
];

export const PAGE_GROUPS: readonly { group: PageGroup; label: string }[] = [
  { group: "watch", label: text.nav.watch },
  { group: "explore", label: text.nav.explore },
  { group: "project", label: text.nav.project },
];
