import { Link } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";

import type { FoundPerson } from "@/api";
import { Button, Combobox } from "@/design";

import type { FunnelRules } from "../funnels/rules";
import { RulesSection } from "../funnels/RulesSection";
import { SavedFunnel } from "../funnels/SavedFunnel";
import { StepsSection } from "../funnels/StepsSection";
import insight from "../insight/Insight.module.css";
import { FiltersSection, Section } from "../insight/InsightPage";
import { ANY_EVENT, useEventOptions } from "../shared/catalogue";
import styles from "./Journeys.module.css";
import type { JourneySearch } from "./search";
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
  const change = (patch: Partial<FunnelRules>) => onChange({ funnel: { ...funnel, ...patch } });
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
