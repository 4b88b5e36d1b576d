import { Link } from "@tanstack/react-router";
import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { Fragment, lazy, Suspense } from "react";

import { IconButton, Tooltip } from "@/design";
import { text } from "@/text";

import { Logo } from "../Logo";
import { PAGE_GROUPS, PAGES, type PageEntry } from "../pages";
import styles from "./Sidebar.module.css";

// What somebody likes is asked of the server first, so its code need not come with the page.
const Favourites = lazy(() => import("@/products/insights/Favourites"));

interface SidebarProps {
  collapsed: boolean;
  onToggle: () => void;
}

export function Sidebar({ collapsed, onToggle }: SidebarProps) {
  const Icon = collapsed ? PanelLeftOpen : PanelLeftClose;
  return (
    <aside className={styles.sidebar} data-collapsed={collapsed || undefined}>
      <div className={styles.sticky}>
        <Link to="/" className={styles.brand}>
          <Logo withName={!collapsed} />
        </Link>
        <Navigation collapsed={collapsed} />
        <div className={styles.foot}>
          <IconButton label={collapsed ? text.nav.expand : text.nav.collapse} shortcut="[" icon={<Icon size={16} />} aria-expanded={!collapsed} onClick={onToggle} />
        </div>
      </div>
    </aside>
  );
}

interface NavigationProps {
  collapsed?: boolean;
  onNavigate?: () => void;
}

export function Navigation({ collapsed = false, onNavigate }: NavigationProps) {
  return (
    <nav className={styles.nav} aria-label={text.nav.label}>
      {PAGE_GROUPS.map(({ group, label }) => (
        <Fragment key={group}>
          <section className={styles.group} aria-label={label}>
            {!collapsed && (
              <h2 className={styles.heading} aria-hidden="true">
                {label}
              </h2>
            )}
            <ul>
              {PAGES.filter((page) => page.group === group).map((page) => (
                <li key={page.path}>
                  <PageLink page={page} collapsed={collapsed} onNavigate={onNavigate} />
                </li>
              ))}
            </ul>
          </section>
          {group === "watch" && (
            <Suspense fallback={null}>
              <Favourites collapsed={collapsed} onNavigate={onNavigate} classNames={styles} />
            </Suspense>
          )}
        </Fragment>
      ))}
    </nav>
  );
}

interface PageLinkProps {
  page: PageEntry;
  collapsed: boolean;
  onNavigate: (() => void) | undefined;
}

function PageLink({ page, collapsed, onNavigate }: PageLinkProps) {
  const Icon = page.icon;
  const link = (
    <Link to={page.path} className={styles.link} activeOptions={{ exact: !page.isParent, includeSearch: false }} onClick={onNavigate}>
      <Icon size={16} aria-hidden="true" />
      <span className={collapsed ? "visually-hidden" : styles.label}>{page.label}</span>
    </Link>
  );
  if (!collapsed) return link;
  return (
    <Tooltip content={page.label} shortcut={`g ${page.letter}`} side="right">
      {link}
    </Tooltip>
  );
}
