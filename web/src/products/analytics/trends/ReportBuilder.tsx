import { Plus, X } from "lucide-react";
import { useEffect, useState } from "react";

import { Button, Card, Combobox, Field, IconButton, Input, Select } from "@/design";

import { useCatalogue } from "../shared/catalogue";
import { FilterList } from "../shared/FilterList";
import { propertyName } from "../shared/properties";
import { letterOf, seriesOf } from "./plan";
import { DEFAULT_LIMIT, type TrendsSearch } from "./search";
import { SeriesRow } from "./SeriesRow";
import * as edit from "./series";
import styles from "./Trends.module.css";

export interface ReportProps {
  readonly search: TrendsSearch;
  readonly onChange: (patch: Partial<TrendsSearch>) => void;
}

/** What is counted, for whom, split by what. */
export function ReportBuilder({ search, onChange }: ReportProps) {
  return (
    <Card className={styles.builder}>
      <SeriesSection search={search} onChange={onChange} />
      <section className={styles.section}>
        <h2>Filters</h2>
        <FilterList filters={search.filters ?? []} onChange={(filters) => onChange({ filters })} hasShortcut />
      </section>
      <BreakdownSection search={search} onChange={onChange} />
    </Card>
  );
}

function SeriesSection({ search, onChange }: ReportProps) {
  const series = seriesOf(search);
  const put = (next: edit.SeriesList) => onChange({ series: [...next], hidden: undefined });
  return (
    <section className={styles.section}>
      <h2>Series</h2>
      <ol className={styles.seriesList}>
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
      <div className={styles.sectionActions}>
        <Button variant="ghost" icon={<Plus size={16} />} disabled={series.length >= 26} onClick={() => put([...series, { event: null, math: "total" }])}>
          Add series
        </Button>
      </div>
      {(series.length > 1 || search.formula) && <FormulaField key={search.formula ?? ""} formula={search.formula ?? ""} onChange={(formula) => onChange({ formula: formula || undefined, hidden: undefined })} />}
    </section>
  );
}

interface FormulaFieldProps {
  readonly formula: string;
  readonly onChange: (formula: string) => void;
}

const PAUSE_MS = 600;

/** Taken when typing pauses, so that half a formula is never asked. */
function FormulaField({ formula, onChange }: FormulaFieldProps) {
  const [draft, setDraft] = useState(formula);
  useEffect(() => {
    if (draft.trim() === formula) return;
    const timer = setTimeout(() => onChange(draft.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  });
  return (
    <Field label="Formula" optional="optional" hint="Letters stand for the series, bucket by bucket: A / B * 100">
      {(ids) => <Input {...ids} mono value={draft} placeholder="A / B" spellCheck={false} autoComplete="off" onChange={(event) => setDraft(event.target.value)} />}
    </Field>
  );
}

const LIMITS = [5, 10, 25, 50].map((limit) => ({ value: String(limit), label: `Top ${limit}` }));

function BreakdownSection({ search, onChange }: ReportProps) {
  const catalogue = useCatalogue(null);
  const { breakdown } = search;
  const limit = String(search.limit ?? DEFAULT_LIMIT);
  return (
    <section className={styles.section}>
      <h2>Break down by</h2>
      <div className={styles.breakdown}>
        <Combobox
          label="Break down by"
          value={breakdown ? catalogue.keyOf(breakdown.type, breakdown.property) : null}
          display={breakdown && propertyName(breakdown.property)}
          options={catalogue.properties}
          onChange={(key) => onChange({ breakdown: catalogue.parse(key), hidden: undefined })}
          placeholder="Choose a property"
          searchPlaceholder="Find a property"
          freeText
        />
        {breakdown && (
          <>
            <Select aria-label="How many values" className={styles.limit} value={limit} options={LIMITS} onChange={(next) => onChange({ limit: Number(next) })} />
            <IconButton label="Remove breakdown" icon={<X size={16} />} onClick={() => onChange({ breakdown: undefined, limit: undefined, hidden: undefined })} />
          </>
        )}
      </div>
    </section>
  );
}
