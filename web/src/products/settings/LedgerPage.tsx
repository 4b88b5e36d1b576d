import { useMemo, useState } from "react";

import { useLedger, type Ledger } from "@/api";
import { useProject } from "@/app/project";
import { Page, Panel, panelState, SegmentedControl, Skeleton, Table } from "@/design";
import { formatNumber } from "@/lib/numbers";

import { Equation } from "./Equation";
import { sumOf } from "./ledger";
import { words } from "./words";

const PERIODS = [
  { value: "day", label: words.ledger.day, days: 1 },
  { value: "week", label: words.ledger.week, days: 7 },
  { value: "month", label: words.ledger.month, days: 30 },
  { value: "all", label: words.ledger.all, days: null },
] as const;
type PeriodName = (typeof PERIODS)[number]["value"];
const DAY_MS = 86_400_000;

export default function LedgerPage() {
  const project = useProject();
  const [period, setPeriod] = useState<PeriodName>("week");
  const from = useMemo(() => startOf(period), [period]);
  const ledger = useLedger(project.id, { from });
  const choice = <SegmentedControl label={words.ledger.period} value={period} options={PERIODS} onChange={setPeriod} />;
  return (
    <Page title={words.ledger.title} description={words.ledger.description} actions={choice}>
      <Panel title={words.ledger.equation} state={panelState(ledger, { skeleton: <Skeleton height={92} /> })} refreshing={ledger.isPlaceholderData}>
        {ledger.data && <Equation ledger={ledger.data} />}
      </Panel>
      <Panel title={words.ledger.reasonsTitle} state={panelState(ledger, { empty: ledger.data && nothingDropped(ledger.data) })} flush={ledger.data && !nothingDropped(ledger.data)}>
        {ledger.data && <Reasons ledger={ledger.data} />}
      </Panel>
    </Page>
  );
}

function Reasons({ ledger }: { ledger: Ledger }) {
  const rows = Object.entries(ledger.dropped).sort(([, one], [, other]) => other - one);
  return (
    <Table
      caption={words.ledger.reasonsCaption}
      rows={rows}
      rowKey={([reason]) => reason}
      columns={[
        { key: "reason", header: words.ledger.reason, cell: ([reason]) => wordsOf(reason) },
        { key: "events", header: words.ledger.events, numeric: true, cell: ([, count]) => formatNumber(count) },
        { key: "share", header: words.ledger.share, numeric: true, cell: ([, count]) => formatNumber(ledger.received ? (100 * count) / ledger.received : null, "percent") },
      ]}
    />
  );
}

function nothingDropped(ledger: Ledger) {
  if (sumOf(ledger.dropped) > 0) return null;
  return { kind: "empty", why: "nothing-yet", title: words.ledger.noneDroppedTitle, text: words.ledger.noneDroppedText } as const;
}

/** Reasons are written for machines: `timestamp_too_old`. */
function wordsOf(reason: string): string {
  const words = reason.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function startOf(period: PeriodName): string | undefined {
  const days = PERIODS.find((one) => one.value === period)?.days;
  return days ? new Date(Date.now() - days * DAY_MS).toISOString() : undefined;
}
