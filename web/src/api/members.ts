import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "./client";
import type { List, Member, MemberCreate, MemberCreated, Role } from "./types";

const membersKey = (project: number) => ["project", project, "members"] as const;
const membersPath = (project: number) => `/api/v1/projects/${project}/members`;

export function useMembers(project: number) {
  return useQuery({
    queryKey: membersKey(project),
    queryFn: ({ signal }) => api.get<List<Member>>(membersPath(project), { signal }),
  });
}

export function useAddMember(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (member: MemberCreate) => api.post<MemberCreated>(membersPath(project), member),
    onSuccess: () => client.invalidateQueries({ queryKey: membersKey(project) }),
  });
}

export function useChangeRole(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ userId, role }: { userId: number; role: Role }) => api.patch<Member>(`${membersPath(project)}/${userId}`, { role }),
    onSuccess: () => client.invalidateQueries({ queryKey: membersKey(project) }),
  });
}

export function useRemoveMember(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (userId: number) => api.delete(`${membersPath(project)}/${userId}`),
    onSuccess: () => client.invalidateQueries({ queryKey: membersKey(project) }),
  });
}
