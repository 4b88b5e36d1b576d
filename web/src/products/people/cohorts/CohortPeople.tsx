import { useState } from "react";

import { useCohortPeople, type CohortView } from "@/api/audiences";
import { useProject } from "@/app/project";
import { Button, Panel, panelState } from "@/design";
import { formatNumber } from "@/lib/numbers";

import { useColumns } from "../ColumnPicker";
import styles from "../shared/People.module.css";
import { PersonTable } from "../shared/PersonTable";
import { SearchField } from "../shared/SearchField";
import { ShowMore } from "../shared/ShowMore";

/** Who was in it when it was last worked out. */
export function CohortPeople({ cohort }: { readonly cohort: CohortView }) {
  const project = useProject();
  const [search, setSearch] = useState("");
  const people = useCohortPeople(project.id, cohort.id, search);
  const columns = useColumns(undefined);
  const rows = people.data?.pages.flatMap((page) => page.items) ?? [];
  const total = people.data?.pages[0]?.total;
  const empty = search
    ? ({ kind: "empty", why: "no-match", title: "Nobody matches", action: <Button onClick={() => setSearch("")}>Show everybody</Button> } as const)
    : ({ kind: "empty", why: "nothing-yet", title: cohort.calculated_at ? "Nobody is in it" : "It has not been worked out yet" } as const);
  return (
    <Panel
      title="People"
      description={total === undefined ? undefined : `${formatNumber(total)} ${search ? "match" : "in all"}`}
      actions={
        <div className={styles.toolbar}>
          <SearchField label="Search these people" value={search} onChange={setSearch} />
        </div>
      }
      state={panelState(people, { empty: rows.length === 0 && empty })}
      flush={rows.length > 0}
      refreshing={people.isPlaceholderData}
    >
      <PersonTable caption={`People in ${cohort.name}`} people={rows} properties={columns} dimmed={people.isPlaceholderData} />
      <ShowMore query={people} />
    </Panel>
  );
}
