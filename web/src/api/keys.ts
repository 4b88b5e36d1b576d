import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "./client";
import type { ApiKey, ApiKeyCreate, ApiKeyCreated, List } from "./types";

const keysKey = (project: number) => ["project", project, "keys"] as const;
const keysPath = (project: number) => `/api/v1/projects/${project}/keys`;

export function useApiKeys(project: number) {
  return useQuery({
    queryKey: keysKey(project),
    queryFn: ({ signal }) => api.get<List<ApiKey>>(keysPath(project), { signal }),
  });
}

export function useCreateApiKey(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (key: ApiKeyCreate) => api.post<ApiKeyCreated>(keysPath(project), key),
    onSuccess: () => client.invalidateQueries({ queryKey: keysKey(project) }),
  });
}

export function useDeleteApiKey(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete(`${keysPath(project)}/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: keysKey(project) }),
  });
}
