import { Tabs } from "@/design";

import { EventEntry } from "../insight/EventEntry";
import { FiltersSection, InsightPage, Section } from "../insight/InsightPage";
import { useInsightReport, type InsightReport } from "../insight/useInsightReport";
import { GrowthAccounting } from "./GrowthAccounting";
import styles from "./Growth.module.css";
import { LifecycleView } from "./LifecycleView";
import { ANY, GROWTH, TAB_NAMES, tabOf, type GrowthResult } from "./plan";
import { PowerUsers } from "./PowerUsers";
import { TABS, type GrowthSearch } from "./search";

export interface GrowthProps {
  readonly report: InsightReport<GrowthSearch, GrowthResult>;
}

/** Who comes, stays, comes back and leaves; whether that adds up to growth; and how many come nearly every day. */
export default function LifecyclePage() {
  const report = useInsightReport<GrowthSearch, GrowthResult>(GROWTH);
  const { state, change } = report;
  const builder = (
    <>
      <Section title="Active is who did">
        <EventEntry label="Event of being active" choice={state.activity ?? ANY} onChange={(activity) => change({ activity })} hasFilters={false} />
      </Section>
      <FiltersSection state={state} onChange={change} />
    </>
  );
  return (
    <InsightPage report={report} builder={builder}>
      <Tabs label="Views" value={tabOf(state)} tabs={TABS.map((tab) => ({ value: tab, label: TAB_NAMES[tab] }))} onChange={(tab) => change({ tab: tab === "lifecycle" ? undefined : tab, people: undefined })}>
        <div className={styles.view}>
          <View report={report} />
        </div>
      </Tabs>
    </InsightPage>
  );
}

function View({ report }: GrowthProps) {
  const tab = tabOf(report.state);
  // The answer of the tab before may still be here while this one's is on its way.
  if (tab === "growth_accounting") return <GrowthAccounting report={report} />;
  return tab === "power_users" ? <PowerUsers report={report} /> : <LifecycleView report={report} />;
}
