import { useState } from "react";

import type { Rfm } from "@/api/segments";
import { Combobox, Notice, Select } from "@/design";
import { PeopleDialog } from "@/products/analytics/insight/PeopleDialog";
import { ResultFrame } from "@/products/analytics/insight/ResultFrame";
import { SaveBar } from "@/products/analytics/insight/SaveBar";
import { useInsightReport, type InsightReport } from "@/products/analytics/insight/useInsightReport";
import { useCatalogue, useEventOptions } from "@/products/analytics/shared/catalogue";
import { FilterList } from "@/products/analytics/shared/FilterList";
import { eventName, propertyName } from "@/products/analytics/shared/properties";

import { DEFAULT_DAYS, RFM, rfmLines, type RfmSearch } from "./rfm";
import { RfmGrid } from "./RfmGrid";
import { RfmTable } from "./RfmTable";
import styles from "./Segments.module.css";

const DAYS = [30, 90, 180, 365, 730].map((days) => ({ value: String(days), label: `Last ${days} days` }));
const MISSING = { title: "Choose what counts as buying", text: "Any event will do: an order, a booking, a visit. A property of it with an amount adds the money." } as const;

/** People with an event by how lately, how often and for how much: five by five, with the names that are usual. */
export function RfmPanel() {
  const report = useInsightReport<RfmSearch, Rfm>(RFM);
  const { state, saved, change } = report;
  return (
    <div className={styles.rfmReport}>
      {saved.error !== null && <Notice>The saved insight could not be opened: {saved.error instanceof Error ? saved.error.message : "the server did not say why."}</Notice>}
      <div className={styles.bar}>
        <Choices {...state} onChange={change} />
        <FilterList filters={state.filters ?? []} event={state.event ?? null} onChange={(filters) => change({ filters: filters.length > 0 ? filters : undefined })} />
        <span className={styles.save}>
          <SaveBar report={report} />
        </span>
      </div>
      <Result report={report} />
      {state.people && <PeopleDialog request={report.request} target={state.people} onClose={() => change({ people: undefined })} />}
    </div>
  );
}

function Result({ report }: { readonly report: InsightReport<RfmSearch, Rfm> }) {
  const [marked, setMarked] = useState<string | null>(null);
  const { state, saved, showPeople } = report;
  const found = report.isAsked ? report.answer.data?.result : undefined;
  return (
    <ResultFrame
      report={report}
      title={saved.insight?.name ?? RFM.title}
      description={state.event && `Everybody with “${eventName(state.event)}” in the last ${state.days ?? DEFAULT_DAYS} days, in fifths`}
      hasData={(found?.people ?? 0) > 0}
      missing={MISSING}
      csv={() => (found ? rfmLines(found) : [])}
      height={360}
    >
      {found && (
        <div className={styles.rfm}>
          <RfmGrid rfm={found} marked={marked} onPick={(cell) => showPeople(`Recency ${cell.recency}, frequency ${cell.frequency}`, { recency: cell.recency, frequency: cell.frequency })} />
          <RfmTable rfm={found} hasMoney={state.property !== undefined} onMark={setMarked} onPick={(segment) => showPeople(segment.name, { segment: segment.key })} />
        </div>
      )}
    </ResultFrame>
  );
}

interface ChoicesProps {
  readonly event?: string | undefined;
  readonly property?: string | undefined;
  readonly days?: number | undefined;
  readonly onChange: (patch: { event?: string | undefined; property?: string | undefined; days?: number | undefined }) => void;
}

const NO_MONEY = "*none";

function Choices({ event, property, days = DEFAULT_DAYS, onChange }: ChoicesProps) {
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
