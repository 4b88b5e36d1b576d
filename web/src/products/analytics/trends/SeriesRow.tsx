import { ArrowDown, ArrowUp, Copy, Ellipsis, Trash2 } from "lucide-react";

import { Combobox, IconButton, Menu, MenuItem, MenuSeparator, Select } from "@/design";

import { MATHS } from "../shared/answers";
import { EventEntry } from "../insight/EventEntry";
import { useCatalogue, useGroupTypes } from "../shared/catalogue";
import { propertyName } from "../shared/properties";
import { CodeField } from "./CodeField";
import { mathName, mathNeedsProperty } from "./plan";
import type { SeriesState } from "./search";
import type { SeriesAction } from "./series";

interface SeriesRowProps {
  readonly letter: string;
  readonly series: SeriesState;
  readonly place: { readonly isFirst: boolean; readonly isLast: boolean; readonly isOnly: boolean };
  readonly onChange: (series: SeriesState) => void;
  readonly onAction: (action: SeriesAction) => void;
}

const MATH_OPTIONS = MATHS.map((math) => ({ value: math, label: mathName(math) }));

/** One thing to count: which event, how, and under which conditions of its own. */
export function SeriesRow({ letter, series, place, onChange, onAction }: SeriesRowProps) {
  return (
    <li>
      <EventEntry mark={letter} label={`Event of series ${letter}`} choice={series} onChange={onChange} actions={<SeriesMenu letter={letter} place={place} onAction={onAction} />}>
        <Select aria-label={`How series ${letter} is counted`} value={series.math} options={MATH_OPTIONS} onChange={(math) => onChange({ ...series, math, property: mathNeedsProperty(math) ? series.property : undefined })} />
        {series.math === "unique_group" && <GroupType letter={letter} series={series} onChange={onChange} />}
        {series.math === "sql" && <CodeField label={`SQL of series ${letter}`} hint="An aggregate over the events of a bucket" placeholder="sum(properties.price) / count()" value={series.sql ?? ""} onChange={(sql) => onChange({ ...series, sql: sql || undefined })} />}
        {mathNeedsProperty(series.math) && <MathProperty letter={letter} series={series} onChange={onChange} />}
      </EventEntry>
    </li>
  );
}

function GroupType({ letter, series, onChange }: Pick<SeriesRowProps, "letter" | "series" | "onChange">) {
  return (
    <Combobox
      label={`Groups of series ${letter}`}
      value={series.group_type ?? null}
      options={useGroupTypes()}
      onChange={(type) => onChange({ ...series, group_type: type })}
      placeholder="Choose a type of group"
      searchPlaceholder="Find a type"
      freeText
    />
  );
}

function MathProperty({ letter, series, onChange }: Pick<SeriesRowProps, "letter" | "series" | "onChange">) {
  const catalogue = useCatalogue(series.event);
  return (
    <Combobox
      label={`Property of series ${letter}`}
      value={series.property ?? null}
      display={series.property && propertyName(series.property)}
      options={catalogue.numeric}
      onChange={(property) => onChange({ ...series, property })}
      placeholder="Choose a property"
      searchPlaceholder="Find a property"
      freeText
    />
  );
}

function SeriesMenu({ letter, place, onAction }: Pick<SeriesRowProps, "letter" | "place" | "onAction">) {
  return (
    <Menu align="end" trigger={<IconButton label={`More for series ${letter}`} icon={<Ellipsis size={16} />} />}>
      <MenuItem icon={<Copy size={16} />} onSelect={() => onAction("duplicate")}>
        Duplicate
      </MenuItem>
      <MenuItem icon={<ArrowUp size={16} />} disabled={place.isFirst} onSelect={() => onAction("up")}>
        Move up
      </MenuItem>
      <MenuItem icon={<ArrowDown size={16} />} disabled={place.isLast} onSelect={() => onAction("down")}>
        Move down
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<Trash2 size={16} />} danger disabled={place.isOnly} onSelect={() => onAction("remove")}>
        Remove
      </MenuItem>
    </Menu>
  );
}
