import { Outlet, useNavigate, useRouterState, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";

import { useSession, type Project, type Session } from "@/api";
import { EmptyState, Button } from "@/design";
import { text } from "@/text";

import { positiveInteger } from "../address";
import { pickProject, ProjectProvider, rememberProject } from "../project";
import { GoToShortcuts } from "./GoToShortcuts";
import type { Overlay } from "./Overlays";
import styles from "./Shell.module.css";
import { Sidebar } from "./Sidebar";
import { TopBar } from "./TopBar";
import { useCollapsed } from "./useCollapsed";

const Overlays = lazy(() => import("./Overlays"));
const NewProjectDialog = lazy(async () => ({ default: (await import("./NewProjectDialog")).NewProjectDialog }));

/** What is around every page once somebody is signed in. */
export function Shell() {
  const { data: session } = useSession();
  const wanted = positiveInteger(useSearch({ strict: false }).project);
  if (!session) return null; // signing out; the router is on its way to the sign-in page
  const project = pickProject(session.projects, wanted);
  if (!project) return <NoProject />;
  return (
    <ProjectProvider project={project}>
      <Frame session={session} project={project} />
    </ProjectProvider>
  );
}

function Frame({ session, project }: { session: Session; project: Project }) {
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const [collapsed, toggleCollapsed] = useCollapsed();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const main = useFocusOnNavigation(path);
  useProjectInAddress(session.projects, project);
  const loaded = useLater();
  return (
    <div className={styles.frame} data-collapsed={collapsed || undefined}>
      <a href="#content" className={styles.skip}>
        {text.nav.skip}
      </a>
      <GoToShortcuts onPalette={() => setOverlay("palette")} onSheet={() => setOverlay("shortcuts")} onCollapse={toggleCollapsed} />
      <Sidebar collapsed={collapsed} onToggle={toggleCollapsed} />
      <div className={styles.column}>
        <TopBar session={session} onOpen={setOverlay} />
        <main id="content" ref={main} className={styles.main} tabIndex={-1}>
          <Outlet key={project.id} />
        </main>
      </div>
      <Suspense fallback={null}>{(loaded || overlay) && <Overlays session={session} open={overlay} onOpen={setOverlay} />}</Suspense>
    </div>
  );
}

const LATER_MS = 1500;

/** True once the page has had its time: what is rarely wanted at once is fetched then. */
function useLater(): boolean {
  const [later, setLater] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLater(true), LATER_MS);
    return () => clearTimeout(timer);
  }, []);
  return later;
}

/** A screen reader hears the new page; the first page keeps the browser's own focus. */
function useFocusOnNavigation(path: string) {
  const main = useRef<HTMLElement>(null);
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}

/** With several projects the address names which, so that a shared link opens the same one. */
function useProjectInAddress(projects: readonly Project[], project: Project) {
  const navigate = useNavigate();
  const named = positiveInteger(useSearch({ strict: false }).project);
  const needed = projects.length > 1 && named !== project.id;
  useEffect(() => {
    rememberProject(project.id);
    if (!needed) return;
    // The address may be ahead of the page that is shown: a project it names already stays.
    const name = (last: { project?: unknown }) => ({ ...last, project: projects.find(({ id }) => id === last.project)?.id ?? project.id });
    void navigate({ to: ".", search: name as never, replace: true });
  }, [navigate, needed, project.id, projects]);
}

function NoProject() {
  const [open, setOpen] = useState(false);
  return (
    <main className={styles.noProject}>
      <EmptyState
        kind="not-set-up"
        title={text.shell.noProject}
        action={
          <Button variant="primary" onClick={() => setOpen(true)}>
            {text.shell.newProject}
          </Button>
        }
      >
        {text.shell.noProjectHint}
      </EmptyState>
      <Suspense fallback={null}>{open && <NewProjectDialog open onOpenChange={setOpen} />}</Suspense>
    </main>
  );
}
