import { Plus } from "lucide-react";

import { Button, Field, Select } from "@/design";

import { BreakdownSection } from "../insight/BreakdownSection";
import styles from "../insight/Insight.module.css";
import { FiltersSection, Section } from "../insight/InsightPage";
import { withOwn } from "../shared/choices";
import { CodeField } from "./CodeField";
import { letterOf, seriesOf } from "./plan";
import { DEFAULT_LIMIT, MOST_BREAKDOWNS, type TrendsSearch } from "./search";
import { SeriesRow } from "./SeriesRow";
import * as edit from "./series";

export interface ReportProps {
  readonly search: TrendsSearch;
  readonly onChange: (patch: Partial<TrendsSearch>) => void;
}

/** What is counted, for whom, split by what. */
export function ReportBuilder({ search, onChange }: ReportProps) {
  return (
    <>
      <SeriesSection search={search} onChange={onChange} />
      <FiltersSection state={search} onChange={onChange} />
      <BreakdownSection
        breakdown={search.breakdown}
        limit={search.limit ?? DEFAULT_LIMIT}
        most={MOST_BREAKDOWNS}
        isFull
        onChange={(breakdown) => onChange({ breakdown, hidden: undefined, ...(breakdown ? {} : { limit: undefined }) })}
        onLimit={(limit) => onChange({ limit })}
      />
      <ShownSection search={search} onChange={onChange} />
    </>
  );
}

function SeriesSection({ search, onChange }: ReportProps) {
  const series = seriesOf(search);
  const put = (next: edit.SeriesList) => onChange({ series: [...next], hidden: undefined });
  return (
    <Section title="Series">
      <ol className={styles.entries}>
        {series.map((one, index) => (
          <SeriesRow
            key={`${index}${one.event}`}
            letter={letterOf(index)}
            series={one}
            place={{ isFirst: index === 0, isLast: index === series.length - 1, isOnly: series.length === 1 }}
            onChange={(next) => put(edit.replaceAt(series, index, next))}
            onAction={(action) => put(edit.act(series, index, action))}
          />
        ))}
      </ol>
      <div className={styles.add}>
        <Button variant="ghost" icon={<Plus size={16} />} disabled={series.length >= 26} onClick={() => put([...series, { event: null, math: "total" }])}>
          Add series
        </Button>
      </div>
      {(series.length > 1 || search.formula) && <CodeField key={search.formula ?? ""} label="Formula" optional hint="Letters stand for the series, bucket by bucket: A / B * 100" placeholder="A / B" value={search.formula ?? ""} onChange={(formula) => onChange({ formula: formula || undefined, hidden: undefined })} />}
    </Section>
  );
}

const MEANS = [1, 3, 7, 14, 28];

function meanChoices(own: number) {
  return withOwn(MEANS, own).map((buckets) => ({ value: String(buckets), label: buckets === 1 ? "As counted" : `Mean of ${buckets} buckets` }));
}

const COMPARED = [
  { value: "", label: "The period before" },
  { value: "-1w", label: "A week back" },
  { value: "-4w", label: "Four weeks back" },
  { value: "-1m", label: "A month back" },
  { value: "-1y", label: "A year back" },
];

/** How the line is drawn, and what it is compared with. */
function ShownSection({ search, onChange }: ReportProps) {
  const to = search.compare_to ?? "";
  const options = COMPARED.some((one) => one.value === to) ? COMPARED : [...COMPARED, { value: to, label: `${to.slice(1)} back` }];
  return (
    <Section title="Shown as">
      <Select aria-label="Smoothing" value={String(search.smoothing ?? 1)} disabled={search.cumulative} options={meanChoices(search.smoothing ?? 1)} onChange={(buckets) => onChange({ smoothing: buckets === "1" ? undefined : Number(buckets) })} />
      {search.compare && <Field label="Compared with">{(ids) => <Select {...ids} value={to} options={options} onChange={(next) => onChange({ compare_to: next || undefined })} />}</Field>}
    </Section>
  );
}
