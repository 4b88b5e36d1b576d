import { Combobox, Select, Table, type TableColumn } from "@/design";
import { formatNumber } from "@/lib/numbers";

import { ResultFrame } from "../insight/ResultFrame";
import { Name } from "../insight/SeriesName";
import { useEventOptions } from "../shared/catalogue";
import { eventName, propertyName, valueName } from "../shared/properties";
import type { Correlation } from "./answers";
import { ViewControl, type FunnelReportProps } from "./ViewControl";
import styles from "./Funnels.module.css";
import { funnelTitle } from "./plan";
import { CORRELATES } from "./search";

const NAMES = { events: "Events", event_properties: "Properties of an event", person_properties: "Properties of people" } as const;
const MISSING = { title: "Choose what to compare", text: "A funnel needs two steps or more; properties of an event need that event." };

/** What those have in common who convert, and those who do not. */
export function CorrelationView({ report }: FunnelReportProps) {
  const result = report.answer.data?.result;
  const success = result?.success ?? [];
  const failure = result?.failure ?? [];
  const notes = result?.skewed ? ["Far more people are on one side than on the other, so these odds are rough."] : [];
  return (
    <ResultFrame
      report={report}
      title={`What goes with converting: ${funnelTitle(report.state)}`}
      description="Odds of converting with it against without it. What goes together need not cause one another."
      controls={
        <>
          <What report={report} />
          <ViewControl report={report} />
        </>
      }
      hasData={success.length + failure.length > 0}
      missing={MISSING}
      notes={notes}
      isFlush
      csv={() => [["Side", "What", "Odds ratio", "Converted", "Not converted"], ...success.map((one) => line("with converting", one)), ...failure.map((one) => line("with dropping off", one))]}
    >
      <Side heading="Goes with converting" rows={success} />
      <Side heading="Goes with dropping off" rows={failure} />
    </ResultFrame>
  );
}

/** One of the two lists; an empty one says so, lest its head looks like that of the other. */
function Side({ heading, rows }: { readonly heading: string; readonly rows: readonly Correlation[] }) {
  return (
    <>
      <Table caption={heading} columns={columnsOf(heading)} rows={rows} rowKey={words} />
      {rows.length === 0 && <p className={styles.nothing}>Nothing that enough people have in common.</p>}
    </>
  );
}

function What({ report: { state, change } }: FunnelReportProps) {
  const events = useEventOptions(false);
  return (
    <span className={styles.correlate}>
      <Select aria-label="What is compared" value={state.correlate ?? "events"} options={CORRELATES.map((one) => ({ value: one, label: NAMES[one] }))} onChange={(correlate) => change({ correlate })} />
      {state.correlate === "event_properties" && <Combobox label="Event whose properties are compared" value={state.event ?? null} display={state.event && eventName(state.event)} options={events} onChange={(event) => change({ event })} placeholder="Choose an event" searchPlaceholder="Find an event" />}
    </span>
  );
}

function words(one: Correlation): string {
  if (one.property === undefined) return eventName(one.event ?? null);
  return `${propertyName(one.property)}: ${valueName(one.property, one.value ?? "")}`;
}

function line(side: string, one: Correlation) {
  return [side, words(one), one.odds_ratio, one.success_count, one.failure_count];
}

function columnsOf(heading: string): TableColumn<Correlation>[] {
  return [
    { key: "what", header: heading, cell: (one) => <Name>{words(one)}</Name> },
    { key: "odds", header: "Odds", numeric: true, cell: (one) => <strong>{one.odds_ratio === null ? "–" : `×${formatNumber(one.odds_ratio, "number")}`}</strong> },
    { key: "success", header: "Converted", numeric: true, width: "110px", cell: (one) => formatNumber(one.success_count) },
    { key: "failure", header: "Did not", numeric: true, width: "110px", cell: (one) => formatNumber(one.failure_count) },
  ];
}
