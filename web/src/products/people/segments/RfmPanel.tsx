import { useState } from "react";

import { useRfm, type Rfm, type RfmQuestion } from "@/api/segments";
import { useProject } from "@/app/project";
import { Combobox, Panel, panelState, Select, Skeleton } from "@/design";
import { PeopleDialog } from "@/products/analytics/insight/PeopleDialog";
import type { PeopleTarget } from "@/products/analytics/insight/search";
import { useCatalogue, useEventOptions } from "@/products/analytics/shared/catalogue";
import { eventName, propertyName } from "@/products/analytics/shared/properties";
import { fieldsOf, text, wholeNumber } from "@/products/analytics/shared/reading";
import { useReport } from "@/products/analytics/shared/useReport";

import { RfmGrid } from "./RfmGrid";
import { RfmTable } from "./RfmTable";
import styles from "./Segments.module.css";

const validate = fieldsOf({ event: text(), property: text(), days: wholeNumber(1, 3660) });

const DAYS = [30, 90, 180, 365, 730].map((days) => ({ value: String(days), label: `Last ${days} days` }));
const DEFAULT_DAYS = 365;

/** People with an event by how lately, how often and for how much: five by five, with the names that are usual. */
export function RfmPanel() {
  const project = useProject();
  const { state, change } = useReport(validate);
  const [target, setTarget] = useState<PeopleTarget | null>(null);
  const [marked, setMarked] = useState<string | null>(null);
  const { event, property, days = DEFAULT_DAYS } = state;
  const question: RfmQuestion | null = event ? { event, property, days } : null;
  const rfm = useRfm(project.id, question);
  const found: Rfm | undefined = question ? rfm.data : undefined;
  const show = (title: string, point: Readonly<Record<string, unknown>>) => setTarget({ title, point });
  const empty = !question
    ? ({ kind: "empty", why: "not-set-up", title: "Choose what counts as buying", text: "Any event will do: an order, a booking, a visit. A property of it with an amount adds the money." } as const)
    : found?.people === 0 && ({ kind: "empty", why: "no-match", title: `Nobody did “${eventName(event ?? null)}” in these days` } as const);
  return (
    <Panel
      title="By recency, frequency and money"
      description={found?.definition}
      actions={<Choices event={event} property={property} days={days} onChange={change} />}
      state={question || !empty ? panelState(rfm, { skeleton: <Skeleton height={360} />, empty, warnings: found?.warnings }) : empty}
      refreshing={question !== null && rfm.isPlaceholderData}
    >
      {found && (
        <div className={styles.rfm}>
          <RfmGrid rfm={found} marked={marked} onPick={(cell) => show(`Recency ${cell.recency}, frequency ${cell.frequency}`, { recency: cell.recency, frequency: cell.frequency })} />
          <RfmTable rfm={found} hasMoney={property !== undefined} onMark={setMarked} onPick={(segment) => show(segment.name, { segment: segment.key })} />
        </div>
      )}
      {target && question && <PeopleDialog request={{ kind: "rfm", ...question }} target={target} onClose={() => setTarget(null)} />}
    </Panel>
  );
}

interface ChoicesProps {
  readonly event: string | undefined;
  readonly property: string | undefined;
  readonly days: number;
  readonly onChange: (patch: { event?: string | undefined; property?: string | undefined; days?: number | undefined }) => void;
}

const NO_MONEY = "*none";

function Choices({ event, property, days, onChange }: ChoicesProps) {
  const events = useEventOptions(false);
  const { numeric } = useCatalogue(event ?? null);
  const money = [{ value: NO_MONEY, label: "No money" }, ...numeric];
  const options = DAYS.some(({ value }) => value === String(days)) ? DAYS : [...DAYS, { value: String(days), label: `Last ${days} days` }];
  return (
    <div className={styles.choices}>
      <Combobox label="Event" className={styles.choice} value={event ?? null} display={event && eventName(event)} options={events} onChange={(next) => onChange({ event: next, property: undefined })} placeholder="Choose an event" searchPlaceholder="Find an event" freeText />
      <Combobox label="Amount" className={styles.choice} value={property ?? NO_MONEY} display={property ? propertyName(property) : "No money"} options={money} disabled={!event} onChange={(next) => onChange({ property: next === NO_MONEY ? undefined : next })} searchPlaceholder="Find a property" freeText />
      <Select aria-label="Period" className={styles.days} value={String(days)} options={options} onChange={(next) => onChange({ days: Number(next) === DEFAULT_DAYS ? undefined : Number(next) })} />
    </div>
  );
}
