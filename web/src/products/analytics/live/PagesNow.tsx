import { BarList } from "@/charts/BarList";
import { Panel, panelState } from "@/design";

import { breakdownValue } from "../shared/answers";
import { valueName } from "../shared/properties";
import { useTrends } from "../shared/useReportQuery";
import { PAGES_NOW } from "./plan";

/** Where people are, by the page they were last seen on in the last half hour. */
export function PagesNow() {
  const query = useTrends(PAGES_NOW, { refetchInterval: 10_000 });
  const rows = (query.data?.result.series ?? [])
    .filter((series) => !series.is_other && series.total)
    .map((series) => ({ key: breakdownValue(series), value: series.total ?? 0 }))
    .map((row) => ({ ...row, text: valueName("$pathname", row.key), label: valueName("$pathname", row.key) }))
    .sort((one, other) => other.value - one.value);
  const empty = { kind: "empty", why: "no-match", title: "No page views in the last 30 minutes" } as const;
  return (
    <Panel title="Pages now" description="Page views of the last 30 minutes" state={panelState(query, { empty: query.data && rows.length === 0 && empty })}>
      <BarList rows={rows} noun="Page" valueName="People" />
    </Panel>
  );
}
