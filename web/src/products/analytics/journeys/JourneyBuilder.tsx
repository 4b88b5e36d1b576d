import { Link } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";

import { useInsights, type FoundPerson } from "@/api";
import { useProject } from "@/app/project";
import { Button, Combobox } from "@/design";

import { RulesSection } from "../funnels/RulesSection";
import { StepsSection } from "../funnels/StepsSection";
import insight from "../insight/Insight.module.css";
import { FiltersSection, Section } from "../insight/InsightPage";
import { ANY_EVENT, useEventOptions } from "../shared/catalogue";
import styles from "./Journeys.module.css";
import { readFunnel, type JourneyFunnel, type JourneySearch } from "./search";
import { useFindPeople } from "./useJourney";

interface JourneyBuilderProps {
  readonly search: JourneySearch;
  /** Whose journey the answer is. */
  readonly person: FoundPerson | null | undefined;
  readonly onChange: (patch: Partial<JourneySearch>) => void;
}

/** Whose journey, and the steps it is held against. */
export function JourneyBuilder({ search, person, onChange }: JourneyBuilderProps) {
  const { funnel } = search;
  const change = (patch: Partial<JourneyFunnel>) => onChange({ funnel: { ...funnel, ...patch } });
  return (
    <>
      <PersonSection search={search} person={person} onChange={onChange} />
      {funnel ? (
        <>
          <StepsSection search={funnel} onChange={change} />
          <RulesSection search={funnel} onChange={change} />
          <Section title="Other steps">
            <SavedFunnel onPick={(saved) => onChange({ funnel: saved })} />
            <div className={insight.add}>
              <Button variant="ghost" icon={<Trash2 size={16} />} onClick={() => onChange({ funnel: undefined })}>
                Remove the steps
              </Button>
            </div>
          </Section>
        </>
      ) : (
        <Section title="Steps" hint="To see how far this person came: a saved funnel, or steps of your own.">
          <SavedFunnel onPick={(saved) => onChange({ funnel: saved })} />
          <FirstStep onPick={(event) => onChange({ funnel: { steps: [{ event }] } })} />
        </Section>
      )}
      <FiltersSection state={search} onChange={onChange} />
    </>
  );
}

function PersonSection({ search, person, onChange }: JourneyBuilderProps) {
  const find = useFindPeople();
  const { person: number, distinct_id: id } = search;
  const named = number === undefined ? id : `Person ${number}`;
  return (
    <Section title="Person">
      <Combobox
        label="Person"
        value={number === undefined ? null : String(number)}
        display={named && (person?.name ?? named)}
        options={find}
        onChange={(next) => onChange({ person: Number(next), distinct_id: undefined })}
        placeholder="Choose a person"
        searchPlaceholder="Find an id, a name, an e-mail address"
      />
      {person && (
        <Link to="/people/$person" params={{ person: String(person.person) }} className={styles.profile}>
          Profile of {person.name}
        </Link>
      )}
    </Section>
  );
}

function FirstStep({ onPick }: { readonly onPick: (event: string | null) => void }) {
  const events = useEventOptions();
  return <Combobox label="Add a step" value={null} options={events} onChange={(event) => onPick(event === ANY_EVENT ? null : event)} placeholder="Add a step" searchPlaceholder="Find an event" freeText />;
}

const MOST_SAVED = 100;

/** The steps of a funnel that somebody saved; nothing while there is none. */
function SavedFunnel({ onPick }: { readonly onPick: (funnel: JourneyFunnel) => void }) {
  const project = useProject();
  const items = useInsights(project.id, { kind: "funnel", limit: MOST_SAVED }).data?.items ?? [];
  if (items.length === 0) return null;
  const take = (id: string) => {
    const funnel = readFunnel(items.find((one) => String(one.id) === id)?.query);
    if (funnel) onPick(funnel);
  };
  return <Combobox label="Take a saved funnel" value={null} options={items.map(({ id, name }) => ({ value: String(id), label: name }))} onChange={take} placeholder="Take a saved funnel" searchPlaceholder="Find a funnel" />;
}
