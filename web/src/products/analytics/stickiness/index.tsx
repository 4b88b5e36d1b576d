import { Plus, X } from "lucide-react";
import { useMemo } from "react";

import { Chart } from "@/charts/Chart";
import { Button, Field, IconButton, Select, Switch } from "@/design";

import { EventEntry } from "../insight/EventEntry";
import type { EventChoice } from "../insight/events";
import { FiltersSection, InsightPage, Section } from "../insight/InsightPage";
import styles from "../insight/Insight.module.css";
import { ResultFrame } from "../insight/ResultFrame";
import { seriesHaveData, seriesLines } from "../insight/seriesChart";
import { SeriesLegend } from "../insight/SeriesLegend";
import { SeriesTable } from "../insight/SeriesTable";
import { useInsightReport, type InsightReport } from "../insight/useInsightReport";
import { withOwn } from "../shared/choices";
import { planChart, seriesOf, STICKINESS, type StickinessResult } from "./plan";
import type { StickinessSearch } from "./search";

/** On how many days people do something. */
export default function StickinessPage() {
  const report = useInsightReport<StickinessSearch, StickinessResult>(STICKINESS);
  return (
    <InsightPage report={report} builder={<Builder report={report} />}>
      <Results report={report} />
    </InsightPage>
  );
}

interface ReportProps {
  readonly report: InsightReport<StickinessSearch, StickinessResult>;
}

const TIMES = [1, 2, 3, 5, 10, 20];

function timesChoices(own: number) {
  return withOwn(TIMES, own).map((times) => ({ value: String(times), label: times === 1 ? "one event" : `${times} events` }));
}

function Builder({ report: { state, change } }: ReportProps) {
  const series = seriesOf(state);
  const put = (next: readonly EventChoice[]) => change({ series: [...next] });
  return (
    <>
      <Section title="Events">
        {series.map((one, index) => (
          <EventEntry
            key={`${index}${one.event}`}
            label={`Event ${index + 1}`}
            choice={one}
            onChange={(next) => put(series.map((old, position) => (position === index ? next : old)))}
            actions={series.length > 1 && <IconButton label={`Remove event ${index + 1}`} icon={<X size={16} />} onClick={() => put(series.filter((_, position) => position !== index))} />}
          />
        ))}
        <div className={styles.add}>
          <Button variant="ghost" icon={<Plus size={16} />} onClick={() => put([...series, { event: null }])}>
            Add event
          </Button>
        </div>
      </Section>
      <Section title="Counting">
        <Field label="An interval counts from">
          {(ids) => <Select {...ids} value={String(state.minimum_occurrences ?? 1)} options={timesChoices(state.minimum_occurrences ?? 1)} onChange={(times) => change({ minimum_occurrences: times === "1" ? undefined : Number(times) })} />}
        </Field>
        <Switch label="That many or more" checked={state.cumulative ?? false} onChange={(on) => change({ cumulative: on || undefined })} />
      </Section>
      <FiltersSection state={state} onChange={change} />
    </>
  );
}

function Results({ report }: ReportProps) {
  const { state } = report;
  const result = report.answer.data?.result;
  const chart = useMemo(() => result && planChart(result, state), [result, state]);
  const open = (series: string, index: number) => {
    const name = chart?.series[Number(series)]?.name ?? "";
    report.showPeople(`${name}: ${chart?.labels[index] ?? ""} ${chart?.axisName?.toLowerCase() ?? ""}`, { series: Number(series), intervals: index + 1 });
  };
  return (
    <ResultFrame
      report={report}
      title={STICKINESS.name(state)}
      description="People by the number of intervals in which they did it"
      hasData={chart !== undefined && seriesHaveData(chart.series)}
      table={chart && <SeriesTable chart={chart} onOpen={open} />}
      csv={() => (chart ? seriesLines(chart) : [])}
    >
      {chart && <Chart spec={chart} height={320} onPick={({ index, series }) => open(series, index)} />}
      {chart && chart.series.length > 1 && <SeriesLegend series={chart.series} />}
    </ResultFrame>
  );
}
