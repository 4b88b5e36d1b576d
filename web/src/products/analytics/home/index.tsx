import { useProject } from "@/app/project";
import { Page } from "@/design";

import { FilterBar } from "../shared/FilterBar";
import { withFilter, type Filter } from "../shared/filters";
import { planPeriod } from "../shared/periods";
import { useNow, useRefresh, useTrends } from "../shared/useReportQuery";
import { useReport } from "../shared/useReport";
import { FiguresPanel } from "./FiguresPanel";
import styles from "./Home.module.css";
import { PlacesPanel, TopEventsPanel, TopValuesPanel } from "./panels";
import { BY_VIEWS, planFigures } from "./plan";
import { NothingYet, useIsEmpty } from "../shared/NothingYet";
import { validateHomeSearch } from "./search";

/** The first page: how many came, what they did, where from. */
export default function HomePage() {
  const isEmpty = useIsEmpty();
  return <Page title="Home">{isEmpty ? <NothingYet /> : <Overview />}</Page>;
}

function Overview() {
  const { state, change } = useReport(validateHomeSearch);
  const project = useProject();
  const now = useNow();
  const filters = state.filters ?? [];
  const request = planFigures(state, filters, project.timezone, now);
  const answer = useTrends(request);
  const refresh = useRefresh(request);
  const span = planPeriod(state, project.timezone, now);
  const pick = (filter: Filter) => change({ filters: withFilter(filters, filter) });
  const panel = { span, filters, onPick: pick, onClear: () => change({ filters: undefined }) };
  return (
    <>
      <FilterBar period={state} compares={state.compare ?? true} onChange={change} filters={filters} onFilters={(next) => change({ filters: next })} />
      <FiguresPanel
        answer={answer}
        refresh={refresh}
        period={state}
        shown={state.show ?? "people"}
        onShow={(show) => change({ show: show === "people" ? undefined : show })}
        onChange={change}
        onClear={filters.length > 0 ? panel.onClear : undefined}
      />
      <div className={styles.grid}>
        <TopValuesPanel {...panel} title="Top pages" noun="Page" property="$pathname" counted={BY_VIEWS} />
        <TopEventsPanel {...panel} />
        <TopValuesPanel {...panel} title="Referrers" noun="Source" property="$referring_domain" />
        <PlacesPanel {...panel} chosen={state.places ?? "countries"} onChoose={(places) => change({ places })} />
      </div>
    </>
  );
}
