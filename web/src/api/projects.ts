import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";

import { api } from "./client";
import { sessionQuery } from "./session";
import type { Project, ProjectCreate, ProjectUpdate } from "./types";

export function useCreateProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (project: ProjectCreate) => api.post<Project>("/api/v1/projects", project),
    onSuccess: (project) => putProject(client, project),
  });
}

export function useUpdateProject(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: ProjectUpdate) => api.patch<Project>(`/api/v1/projects/${id}`, change),
    onSuccess: (project) => {
      putProject(client, project);
      // Answers depend on the time zone and the first day of the week.
      void client.invalidateQueries({ queryKey: ["project", id] });
    },
  });
}

export function useRotateToken(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<Project>(`/api/v1/projects/${id}/token`),
    onSuccess: (project) => putProject(client, project),
  });
}

export function useDeleteProject(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationKey: projectDeletionKey(id),
    mutationFn: () => api.delete(`/api/v1/projects/${id}`),
    onMutate: () => client.cancelQueries({ queryKey: ["project", id] }),
    onSuccess: () => {
      client.setQueryData(sessionQuery.queryKey, (session) => session && { ...session, projects: session.projects.filter((project) => project.id !== id) });
      client.removeQueries({ queryKey: ["project", id] });
    },
  });
}

export function projectDeletionKey(id: number) {
  return ["project", id, "deletion"] as const;
}

function putProject(client: QueryClient, project: Project) {
  client.setQueryData(sessionQuery.queryKey, (session) => {
    if (!session) return session;
    const known = session.projects.some((one) => one.id === project.id);
    const projects = known ? session.projects.map((one) => (one.id === project.id ? { ...one, ...project } : one)) : [...session.projects, project];
    return { ...session, projects };
  });
}
