import { useState } from "react";

import { ApiError, useUpdateProject, type Project, type ProjectUpdate } from "@/api";
import { toast } from "@/design";
import { text } from "@/text";

/** The fields of one panel: what was changed, what the server says to it, and saving only what changed. */
export function useProjectForm<Field extends keyof ProjectUpdate>(project: Project, fields: readonly Field[]) {
  const [changes, setChanges] = useState<Partial<Pick<Project, Field>>>({});
  const update = useUpdateProject(project.id);
  const values = { ...project, ...changes };
  const dirty = fields.some((field) => values[field] !== project[field]);
  const problem = update.error instanceof ApiError ? update.error : null;
  const named = problem !== null && fields.some((field) => problem.field(field));
  return {
    values,
    dirty,
    busy: update.isPending,
    /** What went wrong apart from any single field. */
    failure: update.error && !named ? update.error.message : null,
    fieldError: (field: Field) => problem?.field(field),
    change: <F extends Field>(field: F, value: Project[F]) => setChanges((last) => ({ ...last, [field]: value })),
    save: () =>
      update.mutate(changes as ProjectUpdate, {
        onSuccess: () => {
          setChanges({});
          toast(text.common.saved);
        },
      }),
  };
}
