import { useMemo } from "react";

import { Chart } from "@/charts/Chart";
import { formatNumber } from "@/lib/numbers";
import { Card, ErrorState, Skeleton } from "@/design";

import { useTrends } from "../shared/useReportQuery";
import styles from "./Live.module.css";
import { LAST_FIVE_MINUTES, LAST_HALF_HOUR, planMinutes } from "./plan";

const EVERY_MS = 5_000;
const CHART_HEIGHT = 168;

/** How many are here, and how busy the last half hour was. */
export function ActivePanel() {
  const five = useTrends(LAST_FIVE_MINUTES, { refetchInterval: EVERY_MS });
  const half = useTrends(LAST_HALF_HOUR, { refetchInterval: EVERY_MS });
  const result = half.data?.result;
  const spec = useMemo(() => result && planMinutes(result), [result]);
  if (half.isError) {
    return (
      <Card>
        <ErrorState error={half.error} onRetry={() => void half.refetch()} />
      </Card>
    );
  }
  return (
    <Card flush className={styles.active}>
      <dl className={styles.figures}>
        <Figure label="People in the last 5 minutes" value={five.data?.result.series[0]?.total} live />
        <Figure label="People in the last 30 minutes" value={result?.series[1]?.total} />
        <Figure label="Events in the last 30 minutes" value={result?.series[0]?.total} />
      </dl>
      <div className={styles.minutes}>
        <h2>Events per minute</h2>
        {spec ? <Chart spec={spec} height={CHART_HEIGHT} /> : <Skeleton height={CHART_HEIGHT} />}
      </div>
    </Card>
  );
}

interface FigureProps {
  readonly label: string;
  readonly value: number | null | undefined;
  readonly live?: boolean;
}

function Figure({ label, value, live = false }: FigureProps) {
  return (
    <div className={styles.figure}>
      <dt>
        {live && <span className={styles.pulse} data-on={value ? "" : undefined} aria-hidden="true" />}
        {label}
      </dt>
      <dd data-large={live || undefined}>{value === undefined ? <Skeleton width={64} height={28} /> : formatNumber(value)}</dd>
    </div>
  );
}
