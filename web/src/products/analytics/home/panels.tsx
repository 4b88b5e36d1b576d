import { useMemo } from "react";

import { BarList, type BarRow } from "@/charts/BarList";
import { Button, Panel, panelState, SegmentedControl, SkeletonRows, type PanelState } from "@/design";

import { breakdownValue, type TrendsRequest, type TrendsResult } from "../shared/answers";
import { rowFilter, type Filter } from "../shared/filters";
import type { QueryPeriod } from "../shared/periods";
import { CountryCode } from "../shared/CountryCode";
import { eventName, valueName } from "../shared/properties";
import { useTopEvents, useTrends } from "../shared/useReportQuery";
import { BY_PEOPLE, BY_VIEWS, planPanel, type Counted } from "./plan";
import type { HomeSearch } from "./search";

interface PanelProps {
  readonly span: QueryPeriod;
  readonly filters: readonly Filter[];
  readonly onPick: (filter: Filter) => void;
  readonly onClear: () => void;
}

const ROWS = 9;

function emptyState({ filters, onClear }: PanelProps): Extract<PanelState, { kind: "empty" }> {
  const filtered = filters.length > 0;
  return {
    kind: "empty",
    why: "no-match",
    title: filtered ? "No events match the filters" : "Nothing in this period",
    action: filtered ? <Button onClick={onClear}>Clear filters</Button> : undefined,
  };
}

interface ValuesProps extends PanelProps {
  readonly noun: string;
  readonly property: string;
  readonly counted?: Counted;
}

/** The greatest values of a property, by the people who had them or the times they were seen. */
export function TopValuesPanel({ title, ...rest }: ValuesProps & { readonly title: string }) {
  const { rows, query } = useValues(rest);
  return (
    <Panel title={title} state={panelState(query, { skeleton: <SkeletonRows rows={ROWS} />, empty: query.data && rows.length === 0 && emptyState(rest) })} refreshing={query.isPlaceholderData}>
      <BarList rows={rows} noun={rest.noun} valueName={rest.counted === BY_VIEWS ? "Views" : "People"} onPick={(row) => rest.onPick(rowFilter(rest.property, row.key))} />
    </Panel>
  );
}

function useValues({ span, filters, property, counted = BY_PEOPLE }: ValuesProps) {
  const base: TrendsRequest = { kind: "trends", series: [], filters, ...span };
  const query = useTrends(planPanel(property, base, counted));
  const result = query.data?.result;
  return { query, rows: useMemo(() => (result ? valueRows(result, property) : []), [result, property]) };
}

function valueRows(result: TrendsResult, property: string): BarRow[] {
  const rows = result.series.flatMap((series) => {
    const value = breakdownValue(series);
    if (!series.total || series.is_other) return [];
    const text = valueName(property, value);
    const icon = property === "$geoip_country_code" ? <CountryCode code={value} /> : undefined;
    return [{ key: value, text, label: text, icon, value: series.total }];
  });
  return rows.sort((one, other) => other.value - one.value).slice(0, ROWS);
}

export function TopEventsPanel(props: PanelProps) {
  const { span, filters, onPick } = props;
  const { date_from, date_to } = span;
  const query = useTopEvents({ kind: "top_events", limit: ROWS, date_from, date_to, filters });
  const rows = (query.data?.result ?? []).map((item) => ({ key: item.event, label: eventName(item.event), text: eventName(item.event), value: item.count }));
  return (
    <Panel title="Top events" state={panelState(query, { skeleton: <SkeletonRows rows={ROWS} />, empty: query.data && rows.length === 0 && emptyState(props) })} refreshing={query.isPlaceholderData}>
      <BarList rows={rows} noun="Event" valueName="Times" onPick={(row) => onPick(rowFilter("event", row.key))} />
    </Panel>
  );
}

type Place = NonNullable<HomeSearch["places"]>;

const PLACES = [
  { value: "countries", label: "Countries", noun: "Country", property: "$geoip_country_code" },
  { value: "browsers", label: "Browsers", noun: "Browser", property: "$browser" },
  { value: "devices", label: "Devices", noun: "Device", property: "$device_type" },
] as const;

interface PlacesProps extends PanelProps {
  readonly chosen: Place;
  readonly onChoose: (place: Place) => void;
}

/** Where people are and what they use. */
export function PlacesPanel({ chosen, onChoose, ...rest }: PlacesProps) {
  const place = PLACES.find((one) => one.value === chosen) ?? PLACES[0];
  const { rows, query } = useValues({ ...rest, noun: place.noun, property: place.property });
  const state = panelState(query, { skeleton: <SkeletonRows rows={ROWS} />, empty: query.data && rows.length === 0 && emptyState(rest) });
  const tabs = <SegmentedControl label="People by" value={chosen} options={PLACES} onChange={onChoose} />;
  return (
    <Panel title={place.label} actions={tabs} state={state} refreshing={query.isPlaceholderData}>
      <BarList rows={rows} noun={place.noun} valueName="People" onPick={(row) => rest.onPick(rowFilter(place.property, row.key))} />
    </Panel>
  );
}
