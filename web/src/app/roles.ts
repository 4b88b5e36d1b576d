import type { Project } from "@/api";

/** Analysts and those above them keep cohorts, insights and notes; viewers read them. */
export function maySave(project: Pick<Project, "role">): boolean {
  return project.role !== "viewer";
}
