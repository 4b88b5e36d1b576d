import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Waypoints } from "lucide-react";
import { useEffect } from "react";

import { usePerson, usePersonEvents, type Person } from "@/api/persons";
import { useProject } from "@/app/project";
import { Card, Page, Panel, panelState, SkeletonRows, Tabs } from "@/design";
import { formatNumber } from "@/lib/numbers";
import { formatDateTime, formatRelative } from "@/lib/times";
import { fieldsOf, oneOf } from "@/products/analytics/shared/reading";
import { useReport } from "@/products/analytics/shared/useReport";

import people from "../shared/People.module.css";
import { eventFilterSearch, planEvents, type EventFilter } from "../shared/eventFilter";
import { Fact } from "../shared/Fact";
import { Known } from "../shared/PersonTable";
import { Memberships } from "./Memberships";
import styles from "./Person.module.css";
import { PersonIds } from "./PersonIds";
import { PersonSessions } from "./PersonSessions";
import { PropertiesPanel } from "./PropertiesPanel";
import { Timeline } from "./Timeline";

const validate = fieldsOf({ tab: oneOf(["sessions"] as const), ...eventFilterSearch });

/** Everything about one person. */
export default function PersonPage() {
  const project = useProject();
  const { person: number = "" } = useParams({ strict: false }) as { person?: string };
  const person = usePerson(project.id, number);
  useAddressOfPerson(number, person.data);
  if (person.data) return <Found key={person.data.person} person={person.data} />;
  return (
    <Page title="Person">
      <Panel title="Profile" state={panelState(person, { skeleton: <SkeletonRows rows={8} /> })} />
    </Page>
  );
}

/** Somebody who was merged into another is found under the other's number. */
function useAddressOfPerson(number: string, person: Person | undefined) {
  const navigate = useNavigate();
  const meant = person && String(person.person) !== number ? String(person.person) : null;
  useEffect(() => {
    if (meant) void navigate({ to: "/people/$person", params: { person: meant }, replace: true });
  }, [meant, navigate]);
}

const TABS = [
  { value: "events", label: "Events" },
  { value: "sessions", label: "Sessions" },
] as const;

function Found({ person }: { readonly person: Person }) {
  const { timezone } = useProject();
  const { state, change } = useReport(validate);
  const tab = state.tab ?? "events";
  return (
    <Page title={person.name} description={<Known isIdentified={person.is_identified} />} actions={<JourneyLink person={person.person} />}>
      <Card flush>
        <dl className={people.facts}>
          <Fact name="Events" figure value={formatNumber(person.events)} />
          <Fact name="Sessions" figure value={formatNumber(person.sessions)} />
          <Fact name="First seen" value={<Moment time={person.first_seen ?? person.created_at} timezone={timezone} />} />
          <Fact name="Last seen" value={<Moment time={person.last_seen} timezone={timezone} />} />
        </dl>
      </Card>
      <div className={styles.columns}>
        <div className={styles.side}>
          <PropertiesPanel properties={person.properties} emptyText="They come with $set, or with identify()." />
          <PersonIds person={person} />
          <Memberships person={person} />
        </div>
        <div className={styles.main}>
          <Tabs label="What the person did" value={tab} tabs={TABS} onChange={(next) => change({ tab: next === "sessions" ? next : undefined })}>
            {tab === "sessions" ? <PersonSessions person={person.person} /> : <PersonEvents person={person.person} filter={state} onFilter={({ event, from, to }) => change({ event: event && [...event], from, to })} />}
          </Tabs>
        </div>
      </div>
    </Page>
  );
}

function JourneyLink({ person }: { readonly person: number }) {
  return (
    <Link to="/journeys" search={{ person } as never} className={people.buttonLink}>
      <Waypoints size={16} aria-hidden="true" />
      Journey
    </Link>
  );
}

interface PersonEventsProps {
  readonly person: number;
  readonly filter: EventFilter;
  readonly onFilter: (filter: EventFilter) => void;
}

function PersonEvents({ person, filter: { event, from, to }, onFilter }: PersonEventsProps) {
  const project = useProject();
  const filter = { event, from, to };
  const query = usePersonEvents(project.id, person, planEvents(filter));
  return <Timeline query={query} filter={filter} onFilter={onFilter} nothing="This person is known, but has not done anything." />;
}

function Moment({ time, timezone }: { readonly time: string | null; readonly timezone: string }) {
  if (!time) return "Never";
  return (
    <time dateTime={time}>
      {formatRelative(time)}
      <span className={styles.exact}>{formatDateTime(time, timezone)}</span>
    </time>
  );
}
