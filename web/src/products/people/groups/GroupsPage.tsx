import { Link } from "@tanstack/react-router";

import { useGroups, type Group } from "@/api/persons";
import { useProject } from "@/app/project";
import { Button, Page, Panel, panelState, Table, type TableColumn } from "@/design";
import { useListKeys } from "@/lib/useListKeys";
import { formatDate } from "@/lib/times";
import { writeValue } from "@/products/analytics/live/plan";
import { propertyName } from "@/products/analytics/shared/properties";
import { fieldsOf, text } from "@/products/analytics/shared/reading";
import { useReport } from "@/products/analytics/shared/useReport";

import styles from "../shared/People.module.css";
import { SearchField } from "../shared/SearchField";
import { ShowMore } from "../shared/ShowMore";

const validate = fieldsOf({ search: text(), type: text() });
const TELLING = 4;

/** Companies, teams and the like, that events belong to. */
export default function GroupsPage() {
  const project = useProject();
  const { state, change, replace } = useReport(validate);
  const groups = useGroups(project.id, state);
  const rows = groups.data?.pages.flatMap((page) => page.items) ?? [];
  const list = useListKeys();
  const isNarrowed = Boolean(state.search ?? state.type);
  const empty = isNarrowed
    ? ({ kind: "empty", why: "no-match", title: "No group matches", action: <Button onClick={() => change({ search: undefined, type: undefined })}>Show all groups</Button> } as const)
    : ({ kind: "empty", why: "not-set-up", title: "No groups yet", text: "Groups come with $groupidentify events: companies, teams, stores. Send one, and count and filter by group." } as const);
  return (
    <Page title="Groups" description="Companies, teams and the like: whatever events belong to, beside people.">
      <div className={styles.toolbar}>
        <SearchField label="Search groups" value={state.search ?? ""} onChange={(search) => replace({ search: search || undefined })} />
        {state.type && (
          <Button onClick={() => change({ type: undefined })}>
            Only {state.type}: show every type
          </Button>
        )}
      </div>
      <Panel title="Groups of this project" state={panelState(groups, { empty: rows.length === 0 && empty })} flush={rows.length > 0} refreshing={groups.isPlaceholderData}>
        <div ref={list} className={styles.list} data-dimmed={groups.isPlaceholderData || undefined}>
          <Table caption="Groups" columns={columnsOf(project.timezone, (type) => change({ type }))} rows={rows} rowKey={({ type, key }) => `${type}/${key}`} />
        </div>
        <ShowMore query={groups} />
      </Panel>
    </Page>
  );
}

function columnsOf(timezone: string, onType: (type: string) => void): TableColumn<Group>[] {
  return [
    { key: "group", header: "Group", cell: (group) => <GroupCell group={group} /> },
    {
      key: "type",
      header: "Type",
      cell: ({ type }) => (
        <button type="button" className={styles.textButton} aria-label={`Only groups of type ${type}`} onClick={() => onType(type)}>
          {type}
        </button>
      ),
    },
    { key: "properties", header: "Properties", wideOnly: true, cell: (group) => <Telling group={group} /> },
    { key: "first", header: "First seen", wideOnly: true, nowrap: true, cell: ({ created_at }) => (created_at ? formatDate(created_at, timezone) : "–") },
  ];
}

function GroupCell({ group }: { readonly group: Group }) {
  const name = typeof group.properties.name === "string" ? group.properties.name : group.key;
  return (
    <div className={styles.named}>
      <Link to="/groups/$type/$key" params={{ type: group.type, key: group.key }} className={styles.link} data-row="">
        {name}
      </Link>
      {name !== group.key && <span className={styles.quiet}>{group.key}</span>}
    </div>
  );
}

function Telling({ group }: { readonly group: Group }) {
  const shown = Object.entries(group.properties).filter(([name, value]) => name !== "name" && value !== null && typeof value !== "object");
  if (shown.length === 0) return <span className={styles.quiet}>None</span>;
  return (
    <span className={styles.telling}>
      {shown.slice(0, TELLING).map(([name, value]) => (
        <span key={name} className={styles.cell}>
          <span className={styles.quiet}>{propertyName(name)}</span> {writeValue(value)}
        </span>
      ))}
    </span>
  );
}
