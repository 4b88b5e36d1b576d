/** What the kinds of saved insights are called, and which page opens each. */
import { Activity, CalendarCheck2, ChartColumn, ChartLine, ChartNoAxesColumn, DatabaseZap, Filter, Grid3x3, List, Percent, Repeat, Route, TrendingUp, UserCheck, Waypoints, type LucideIcon } from "lucide-react";

import type { PagePath } from "@/app/pages";

export interface KindEntry {
  readonly kind: string;
  readonly name: string;
  readonly icon: LucideIcon;
  /** Kinds without one, which only a newer server has, are asked through the API. */
  readonly path?: PagePath;
}

export const KINDS: readonly KindEntry[] = [
  { kind: "trends", name: "Trends", icon: ChartLine, path: "/trends" },
  { kind: "funnel", name: "Funnel", icon: Filter, path: "/funnels" },
  { kind: "retention", name: "Retention", icon: CalendarCheck2, path: "/retention" },
  { kind: "paths", name: "Paths", icon: Route, path: "/paths" },
  { kind: "stickiness", name: "Stickiness", icon: Repeat, path: "/stickiness" },
  { kind: "lifecycle", name: "Lifecycle", icon: ChartNoAxesColumn, path: "/lifecycle" },
  { kind: "growth_accounting", name: "Growth accounting", icon: TrendingUp, path: "/lifecycle" },
  { kind: "power_users", name: "Power users", icon: ChartColumn, path: "/lifecycle" },
  { kind: "active_users", name: "Active users", icon: UserCheck, path: "/active-users" },
  { kind: "sql", name: "SQL", icon: DatabaseZap, path: "/sql" },
  { kind: "conversion", name: "Conversion", icon: Percent, path: "/conversion" },
  { kind: "top_events", name: "Top events", icon: List, path: "/events" },
  { kind: "person_journey", name: "Journey", icon: Waypoints, path: "/journeys" },
  { kind: "rfm", name: "RFM", icon: Grid3x3, path: "/segments" },
];

export function kindOf(kind: string): KindEntry {
  return KINDS.find((one) => one.kind === kind) ?? { kind, name: kind, icon: Activity };
}
