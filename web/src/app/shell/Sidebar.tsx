import { Link, useRouterState } from "@tanstack/react-router";
import { ChevronRight, PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { Fragment, lazy, Suspense, useCallback, useEffect, useRef, type RefObject } from "react";

import { IconButton, Tooltip } from "@/design";
import { text } from "@/text";

import { Logo } from "../Logo";
import { groupAt, PAGE_GROUPS, PAGES, type PageEntry } from "../pages";
import styles from "./Sidebar.module.css";
import { useOpenGroups } from "./useOpenGroups";

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
  /** Given by the menu of a phone, where there is little room. */
  onNavigate?: () => void;
}

/** The pages, in groups that fold. */
export function Navigation({ collapsed = false, onNavigate }: NavigationProps) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const current = groupAt(path);
  const [nav, reveal] = useCurrentInView(path);
  const [isOpen, toggle] = useOpenGroups(current, onNavigate !== undefined);
  return (
    <nav ref={nav} className={styles.nav} aria-label={text.nav.label}>
      {PAGE_GROUPS.map(({ group, label }) => (
        <Fragment key={group}>
          <section className={styles.group} aria-label={label}>
            <GroupHeading label={label} open={isOpen(group)} isCurrent={group === current} collapsed={collapsed} onToggle={() => toggle(group)} />
            {isOpen(group) && (
              <ul>
                {PAGES.filter((page) => page.group === group).map((page) => (
                  <li key={page.path}>
                    <PageLink page={page} collapsed={collapsed} onNavigate={onNavigate} />
                  </li>
                ))}
              </ul>
            )}
          </section>
          {group === "watch" && (
            <Suspense fallback={null}>
              <Favourites collapsed={collapsed} onNavigate={onNavigate} classNames={styles} onShown={reveal} />
            </Suspense>
          )}
        </Fragment>
      ))}
    </nav>
  );
}

/** A low window scrolls the pages; the one that is open stays seen. */
function useCurrentInView(path: string): [nav: RefObject<HTMLElement | null>, reveal: () => void] {
  const nav = useRef<HTMLElement>(null);
  // In braces: newer browsers answer with a promise, which React would take for a clean-up.
  const reveal = useCallback(() => {
    nav.current?.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest" });
  }, []);
  useEffect(reveal, [reveal, path]);
  return [nav, reveal];
}

interface GroupHeadingProps {
  label: string;
  open: boolean;
  /** Holds the page that is shown. */
  isCurrent: boolean;
  collapsed: boolean;
  onToggle: () => void;
}

function GroupHeading({ label, open, isCurrent, collapsed, onToggle }: GroupHeadingProps) {
  const button = (
    <button type="button" className={styles.toggle} aria-expanded={open} data-current={isCurrent || undefined} onClick={onToggle}>
      <span className={collapsed ? "visually-hidden" : styles.label}>{label}</span>
      <ChevronRight size={14} aria-hidden="true" />
    </button>
  );
  return <h2>{collapsed ? <Tooltip content={label} side="right">{button}</Tooltip> : button}</h2>;
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
