import { queryOptions, useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";

import { api, setCsrfToken } from "./client";
import type { Instance, Session, SetupAnswer, SetupRequest, SignInRequest } from "./types";

export const instanceQuery = queryOptions({
  queryKey: ["instance"],
  queryFn: ({ signal }) => api.get<Instance>("/api/v1/instance", { signal }),
  staleTime: Infinity,
});

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }) => remember(await api.get<Session>("/api/v1/session", { signal })),
  staleTime: Infinity,
  retry: false,
});

export function useInstance() {
  return useQuery(instanceQuery);
}

export function useSession() {
  return useQuery(sessionQuery);
}

export function useSetUp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: SetupRequest) => api.post<SetupAnswer>("/api/v1/setup", request),
    onSuccess: ({ user, project, csrf_token }) => begin(client, { user, csrf_token, projects: [project] }),
  });
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: SignInRequest) => api.post<Session>("/api/v1/session", request),
    onSuccess: (session) => begin(client, session),
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      // What is still being asked would come back as refused.
      await client.cancelQueries();
      return api.delete("/api/v1/session");
    },
    onSuccess: () => forgetSession(client),
  });
}

/** Nothing of the last person may stay in memory for the next. */
export function forgetSession(client: QueryClient) {
  setCsrfToken(null);
  client.clear();
}

function begin(client: QueryClient, session: Session) {
  client.clear();
  client.setQueryData(sessionQuery.queryKey, remember(session));
}

function remember(session: Session): Session {
  setCsrfToken(session.csrf_token);
  return session;
}
