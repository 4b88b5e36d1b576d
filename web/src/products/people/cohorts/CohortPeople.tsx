import { useState } from "react";

import { useCohortPeople, type CohortView } from "@/api/audiences";
import { useProject } from "@/app/project";

import { PeoplePanel } from "../shared/PeoplePanel";

/** Who was in it when it was last worked out. */
export function CohortPeople({ cohort }: { readonly cohort: CohortView }) {
  const project = useProject();
  const [search, setSearch] = useState("");
  const query = useCohortPeople(project.id, cohort.id, search);
  return <PeoplePanel caption={`People in ${cohort.name}`} query={query} search={search} onSearch={setSearch} nobody={cohort.calculated_at ? "Nobody is in it" : "It has not been worked out yet"} />;
}
