import { Link, useParams } from "@tanstack/react-router";
import { ChartLine } from "lucide-react";

import { useGroup, useGroupEvents, useGroupPeople, type GroupFacts, type GroupName } from "@/api/persons";
import { useProject } from "@/app/project";
import { Card, Page, Panel, panelState, Tabs } from "@/design";
import { formatNumber } from "@/lib/numbers";
import { formatDateTime } from "@/lib/times";
import { fieldsOf, oneOf, text } from "@/products/analytics/shared/reading";
import { useReport } from "@/products/analytics/shared/useReport";

import person from "../person/Person.module.css";
import { PropertiesPanel } from "../person/PropertiesPanel";
import { Timeline } from "../person/Timeline";
import { eventFilterSearch, planEvents, type EventFilter } from "../shared/eventFilter";
import { Fact } from "../shared/Fact";
import styles from "../shared/People.module.css";
import { PeoplePanel } from "../shared/PeoplePanel";

const validate = fieldsOf({ tab: oneOf(["events"] as const), search: text(), ...eventFilterSearch });

const TABS = [
  { value: "people", label: "People" },
  { value: "events", label: "Events" },
] as const;

/** What is known of one group, who is in it and what they did there. */
export default function GroupPage() {
  const project = useProject();
  const { type = "", key = "" } = useParams({ strict: false }) as { type?: string; key?: string };
  const group = useGroup(project.id, type, key);
  if (group.data) return <Found group={group.data} timezone={project.timezone} />;
  return (
    <Page title="Group">
      <Panel title="Profile" state={panelState(group)} />
    </Page>
  );
}

function Found({ group, timezone }: { readonly group: GroupFacts; readonly timezone: string }) {
  const { state, change, replace } = useReport(validate);
  const tab = state.tab ?? "people";
  const { name } = group.properties;
  const isNamed = typeof name === "string" && name !== "";
  const seen = (time: string | null) => (time ? formatDateTime(time, timezone) : "Never");
  return (
    <Page title={isNamed ? name : group.key} description={isNamed ? `${group.type} ${group.key}` : group.type} actions={isNamed && <TrendsLink group={group} name={name} />} >
      <Card flush>
        <dl className={styles.facts}>
          <Fact name="People" figure value={formatNumber(group.people)} />
          <Fact name="Events" figure value={formatNumber(group.events)} />
          <Fact name="First seen" value={seen(group.first_seen ?? group.created_at)} />
          <Fact name="Last seen" value={seen(group.last_seen)} />
        </dl>
      </Card>
      <div className={person.columns}>
        <div className={person.side}>
          <PropertiesPanel properties={group.properties} emptyText="They come with $groupidentify and its $group_set." />
        </div>
        <div className={person.main}>
          <Tabs label="Who and what" value={tab} tabs={TABS} onChange={(next) => change({ tab: next === "events" ? next : undefined })}>
            {tab === "people" ? <GroupPeople group={group} search={state.search} onSearch={(search) => replace({ search: search || undefined })} /> : <GroupEvents group={group} filter={state} onFilter={({ event, from, to }) => change({ event: event && [...event], from, to })} />}
          </Tabs>
        </div>
      </div>
    </Page>
  );
}

interface GroupPeopleProps {
  readonly group: GroupName;
  readonly search: string | undefined;
  readonly onSearch: (search: string) => void;
}

function GroupPeople({ group, search = "", onSearch }: GroupPeopleProps) {
  const query = useGroupPeople(useProject().id, group, search);
  return <PeoplePanel caption={`People in ${group.key}`} query={query} search={search} onSearch={onSearch} nobody="Nobody did anything in this group" hasLastSeen />;
}

interface GroupEventsProps {
  readonly group: GroupName;
  readonly filter: EventFilter;
  readonly onFilter: (filter: EventFilter) => void;
}

function GroupEvents({ group, filter: { event, from, to }, onFilter }: GroupEventsProps) {
  const filter = { event, from, to };
  const query = useGroupEvents(useProject().id, group, planEvents(filter));
  return <Timeline query={query} filter={filter} onFilter={onFilter} nothing="No event names this group yet." ofMany />;
}

/** Reports know groups by their properties. */
function TrendsLink({ group, name }: { readonly group: GroupFacts; readonly name: string }) {
  const filters = [{ type: "group", group_type: group.type, property: "name", operator: "exact", value: name }];
  return (
    <Link to="/trends" search={{ filters } as never} className={styles.buttonLink}>
      <ChartLine size={16} aria-hidden="true" />
      Use in Trends
    </Link>
  );
}
