import { Combobox } from "@/design";

import { DEFAULT_WINDOW } from "../funnels/search";
import { WindowField } from "../funnels/WindowField";
import { EventEntry } from "../insight/EventEntry";
import type { EventChoice } from "../insight/events";
import { FiltersSection, Section } from "../insight/InsightPage";
import { useEventOptions } from "../shared/catalogue";
import { startOf } from "./plan";
import type { ConversionSearch, NamedEvent } from "./search";

interface ConversionBuilderProps {
  readonly search: ConversionSearch;
  readonly onChange: (patch: Partial<ConversionSearch>) => void;
}

/** From which event to which, and in what time. */
export function ConversionBuilder({ search, onChange }: ConversionBuilderProps) {
  return (
    <>
      <Section title="Of people who did">
        <EventEntry label="Event that starts" choice={startOf(search)} withAny={false} onChange={(next) => onChange({ start: named(next) })} />
      </Section>
      <Section title="how many went on to do">
        {search.end ? (
          <EventEntry label="Event that converts" choice={search.end} withAny={false} onChange={(next) => onChange({ end: named(next) })} />
        ) : (
          <FirstEnd onChoose={(event) => onChange({ end: { event } })} />
        )}
        <WindowField key={JSON.stringify(search.window)} window={search.window ?? DEFAULT_WINDOW} onChange={(window) => onChange({ window })} />
      </Section>
      <FiltersSection state={search} onChange={onChange} />
    </>
  );
}

function named({ event, ...rest }: EventChoice): NamedEvent | undefined {
  return event === null ? undefined : { ...rest, event };
}

function FirstEnd({ onChoose }: { readonly onChoose: (event: string) => void }) {
  const events = useEventOptions(false);
  return <Combobox label="Event that converts" value={null} options={events} onChange={onChoose} placeholder="Choose an event" searchPlaceholder="Find an event" freeText />;
}
