import { useId, useMemo } from "react";
import type { UseQueryResult } from "@tanstack/react-query";

import { Chart } from "@/charts/Chart";
import { KpiStrip } from "@/charts/KpiStrip";
import type { BucketRange } from "@/charts/spec";
import { Button, Card, EmptyState, ErrorState, Skeleton } from "@/design";

import type { Answer, TrendsResult } from "../shared/answers";
import { ChartFootnote, type Refresh } from "../shared/ChartFootnote";
import { chosenInterval, zoomInto, type PeriodSearch } from "../shared/periods";
import styles from "./Home.module.css";
import { planHomeChart, planKpis } from "./plan";
import { KPI_IDS, type KpiId } from "./search";

interface FiguresPanelProps {
  readonly answer: UseQueryResult<Answer<TrendsResult>>;
  readonly refresh: Refresh;
  readonly period: PeriodSearch;
  readonly shown: KpiId;
  readonly onShow: (id: KpiId) => void;
  readonly onChange: (patch: PeriodSearch) => void;
  /** Given when filters could be the reason for an empty chart. */
  readonly onClear: (() => void) | undefined;
}

const CHART_HEIGHT = 288;

/** The figures and the chart they switch. */
export function FiguresPanel({ answer, refresh, period, shown, onShow, onChange, onClear }: FiguresPanelProps) {
  const id = useId();
  const result = answer.data?.result;
  const spec = useMemo(() => result && planHomeChart(result, shown, period), [result, shown, period]);
  if (answer.isError) {
    return (
      <Card>
        <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
      </Card>
    );
  }
  if (!answer.data || !result || !spec) return <FiguresSkeleton />;
  const nothing = result.series.every((series) => !series.total);
  const zoom = ({ first, last }: BucketRange) => onChange(zoomInto(result.labels, first, last, chosenInterval(period)));
  return (
    <Card flush className={styles.figures}>
      <KpiStrip cells={planKpis(result)} selected={shown} onSelect={(next) => onShow(asKpi(next))} controls={id} refreshing={answer.isPlaceholderData} />
      <div id={id} role="tabpanel" aria-label={spec.title} className={styles.chart} data-refreshing={answer.isPlaceholderData || undefined}>
        {nothing ? <NoMatch onClear={onClear} /> : <Chart spec={spec} height={CHART_HEIGHT} onZoom={spec.labels.length > 2 ? zoom : undefined} />}
      </div>
      <ChartFootnote answer={answer.data} refresh={refresh} dashed={!nothing && spec.incompleteFrom !== undefined} />
    </Card>
  );
}

function asKpi(id: string): KpiId {
  return KPI_IDS.find((known) => known === id) ?? "people";
}

function NoMatch({ onClear }: { readonly onClear: (() => void) | undefined }) {
  return (
    <EmptyState kind="no-match" title="No events match" action={onClear && <Button onClick={onClear}>Clear filters</Button>}>
      {onClear ? "The filters leave nothing in this period." : "Nothing happened in this period. Choose a longer one."}
    </EmptyState>
  );
}

function FiguresSkeleton() {
  return (
    <Card flush className={styles.figures}>
      <div className={styles.skeleton} aria-busy="true">
        {KPI_IDS.map((id) => (
          <div key={id} className={styles.skeletonCell}>
            <Skeleton width="60%" height={13} />
            <Skeleton width="45%" height={26} />
            <Skeleton width="35%" height={12} />
          </div>
        ))}
      </div>
      <div className={styles.chart}>
        <Skeleton height={CHART_HEIGHT} />
      </div>
    </Card>
  );
}
