import { createContext, use, type ReactNode } from "react";

import type { Project } from "@/api";

const ProjectContext = createContext<Project | null>(null);

export function ProjectProvider({ project, children }: { project: Project; children: ReactNode }) {
  return <ProjectContext value={project}>{children}</ProjectContext>;
}

/** The project that the page is about. Every page inside the shell has one. */
export function useProject(): Project {
  const project = use(ProjectContext);
  if (project === null) throw new Error("useProject needs a ProjectProvider above it");
  return project;
}

const LAST_KEY = "northing.project";

/** From the address when it names one, else the last one used, else the first. */
export function pickProject(projects: readonly Project[], wanted: number | undefined): Project | undefined {
  return projects.find((project) => project.id === wanted) ?? projects.find((project) => project.id === lastProjectId()) ?? projects[0];
}

export function rememberProject(id: number) {
  try {
    localStorage.setItem(LAST_KEY, String(id));
  } catch {
    // storage may be blocked; the address still names the project
  }
}

function lastProjectId(): number | undefined {
  try {
    return Number(localStorage.getItem(LAST_KEY)) || undefined;
  } catch {
    return undefined;
  }
}

export function mayManage(project: Project): boolean {
  return project.role === "owner" || project.role === "admin";
}
