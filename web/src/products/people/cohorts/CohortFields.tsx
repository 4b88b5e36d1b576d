import { useCohorts } from "@/api";
import { useSegments } from "@/api/segments";
import { useProject } from "@/app/project";
import { Combobox, Select } from "@/design";

import type { FieldsProps } from "./CriterionEditor";
import styles from "./Rules.module.css";

const IN_OPTIONS = [
  { value: "in", label: "in" },
  { value: "out", label: "not in" },
] as const;

/** Members of another cohort, or of a built-in segment; or those who are not. */
export function CohortFields({ criterion, self, onChange }: FieldsProps & { readonly self: number | undefined }) {
  const project = useProject();
  const cohorts = (useCohorts(project.id).data?.items ?? []).filter(({ id }) => id !== self);
  const segments = useSegments(project.id).data?.items ?? [];
  const options = [
    ...cohorts.map(({ id, name }) => ({ value: String(id), label: name, group: "Cohorts" })),
    ...segments.map(({ cohort, name }) => ({ value: String(cohort), label: name, group: "Segments" })),
  ];
  const { cohort, isIn } = criterion;
  return (
    <div className={styles.condition}>
      <Select aria-label="In or not in" className={styles.comparison} value={isIn ? "in" : "out"} options={IN_OPTIONS} onChange={(next) => onChange({ ...criterion, isIn: next === "in" })} />
      <Combobox label="Cohort" className={styles.grow} value={cohort === null ? null : String(cohort)} options={options} onChange={(id) => onChange({ ...criterion, cohort: Number(id) })} placeholder="Choose a cohort" searchPlaceholder="Find a cohort or segment" />
    </div>
  );
}
