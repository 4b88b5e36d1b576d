import { BarList } from "@/charts/BarList";
import { Panel, panelState } from "@/design";

import { useTrends } from "../shared/useReportQuery";
import { PAGES_NOW } from "./plan";

/** Where people are, by the page they were last seen on in the last half hour. */
export function PagesNow() {
  const query = useTrends(PAGES_NOW, { refetchInterval: 10_000 });
  const rows = (query.data?.result.series ?? [])
    .filter((series) => series.name !== "Other" && series.total)
    .map((series) => ({ key: series.breakdown?.[0] ?? "", text: series.breakdown?.[0] || "Not set", label: series.breakdown?.[0] || "Not set", value: series.total ?? 0 }))
    .sort((one, other) => other.value - one.value);
  const empty = { kind: "empty", why: "no-match", title: "No page views in the last 30 minutes" } as const;
  return (
    <Panel title="Pages now" description="Page views of the last 30 minutes" state={panelState(query, { empty: query.data && rows.length === 0 && empty })}>
      <BarList rows={rows} noun="Page" valueName="People" />
    </Panel>
  );
}
