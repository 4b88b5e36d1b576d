import { X } from "lucide-react";

import { usePersons } from "@/api/persons";
import { useProject } from "@/app/project";
import { Button, Combobox, IconButton, Page, Panel, panelState, Select } from "@/design";
import { formatNumber } from "@/lib/numbers";
import { NothingYet, useIsEmpty } from "@/products/analytics/shared/NothingYet";
import { fieldsOf, listOf, oneOf, text, wholeNumber } from "@/products/analytics/shared/reading";
import { useReport } from "@/products/analytics/shared/useReport";

import { ColumnPicker, useColumns } from "./ColumnPicker";
import styles from "./shared/People.module.css";
import { PersonTable } from "./shared/PersonTable";
import { SearchField } from "./shared/SearchField";
import { ShowMore } from "./shared/ShowMore";
import { useAudienceNames } from "./shared/useAudienceNames";

const validate = fieldsOf({
  search: text(),
  cohort: wholeNumber(1, 0xff_ff_ff_ff),
  order: oneOf(["number"] as const),
  columns: listOf(text()),
});

const ORDERS = [
  { value: "activity", label: "Last active first" },
  { value: "number", label: "Everybody, by number" },
] as const;

/** Everybody the project knows. */
export default function PeoplePage() {
  const project = useProject();
  const { state, change, replace } = useReport(validate);
  const isEmpty = useIsEmpty();
  const { search, cohort, order } = state;
  const people = usePersons(project.id, { search, cohort, order });
  const rows = people.data?.pages.flatMap((page) => page.items) ?? [];
  const total = people.data?.pages[0]?.total;
  const columns = useColumns(state.columns);
  if (isEmpty) {
    return (
      <Page title="People">
        <NothingYet />
      </Page>
    );
  }
  const clear = () => change({ search: undefined, cohort: undefined });
  const isNarrowed = search !== undefined || cohort !== undefined;
  const empty = isNarrowed
    ? ({ kind: "empty", why: "no-match", title: search ? `Nobody matches “${search}”` : "Nobody is in this cohort", action: <Button onClick={clear}>Show everybody</Button> } as const)
    : ({ kind: "empty", why: "nothing-yet", title: "Nobody yet", text: "People appear with their first event." } as const);
  return (
    <Page title="People" description="Everybody this project knows, identified or anonymous.">
      <div className={styles.toolbar}>
        <SearchField label="Search people" placeholder="Search names and ids" value={search ?? ""} onChange={(next) => replace({ search: next || undefined })} />
        <CohortChoice cohort={cohort} onChange={(next) => change({ cohort: next })} />
        <Select aria-label="Order" className={styles.order} value={order ?? "activity"} options={ORDERS} onChange={(next) => change({ order: next === "number" ? next : undefined })} />
        <ColumnPicker columns={columns} onChange={(next) => change({ columns: next })} />
      </div>
      <Panel title={total === undefined ? "People" : `${formatNumber(total)} ${total === 1 ? "person" : "people"}`} state={panelState(people, { empty: rows.length === 0 && empty })} flush={rows.length > 0} refreshing={people.isPlaceholderData}>
        <PersonTable caption="People" people={rows} properties={columns} dimmed={people.isPlaceholderData} hasLastSeen={order === undefined} />
        <ShowMore query={people} />
      </Panel>
    </Page>
  );
}

interface CohortChoiceProps {
  readonly cohort: number | undefined;
  readonly onChange: (cohort: number | undefined) => void;
}

function CohortChoice({ cohort, onChange }: CohortChoiceProps) {
  const names = useAudienceNames();
  const options = [...names].map(([value, label]) => ({ value, label }));
  const name = cohort === undefined ? "Any cohort" : (names.get(String(cohort)) ?? `Cohort ${cohort}`);
  return (
    <span className={styles.choice}>
      <Combobox label="Cohort" shape="chip" value={cohort === undefined ? null : String(cohort)} display={name} options={options} onChange={(next) => onChange(Number(next))} searchPlaceholder="Find a cohort or segment" />
      {cohort !== undefined && <IconButton label={`Show people outside of ${name} too`} icon={<X size={16} />} onClick={() => onChange(undefined)} />}
    </span>
  );
}
