import { Link, useParams } from "@tanstack/react-router";
import { ChartLine } from "lucide-react";

import { useGroup, type GroupFacts } from "@/api/persons";
import { useProject } from "@/app/project";
import { Card, Page, Panel, panelState } from "@/design";
import { formatNumber } from "@/lib/numbers";
import { formatDateTime } from "@/lib/times";

import { PropertiesPanel } from "../person/PropertiesPanel";
import { Fact } from "../shared/Fact";
import styles from "../shared/People.module.css";

/** What is known of one group. */
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
  const { name } = group.properties;
  const isNamed = typeof name === "string" && name !== "";
  const seen = (time: string | null) => (time ? formatDateTime(time, timezone) : "Never");
  return (
    <Page title={isNamed ? name : group.key} description={isNamed ? `${group.type} ${group.key}` : group.type} actions={isNamed && <TrendsLink group={group} name={name} />} width="reading">
      <Card flush>
        <dl className={styles.facts}>
          <Fact name="People" figure value={formatNumber(group.people)} />
          <Fact name="Events" figure value={formatNumber(group.events)} />
          <Fact name="First seen" value={seen(group.first_seen ?? group.created_at)} />
          <Fact name="Last seen" value={seen(group.last_seen)} />
        </dl>
      </Card>
      <PropertiesPanel properties={group.properties} emptyText="They come with $groupidentify and its $group_set." />
    </Page>
  );
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
