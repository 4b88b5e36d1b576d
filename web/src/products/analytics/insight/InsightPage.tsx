import type { ReactNode } from "react";

import { Notice, Page } from "@/design";
import { ReportNotes } from "@/products/insights/ReportNotes";

import { FilterList } from "../shared/FilterList";
import { PeriodBar } from "../shared/FilterBar";
import { NothingYet, useIsEmpty } from "../shared/NothingYet";
import { BuilderPane } from "./BuilderPane";
import styles from "./Insight.module.css";
import { hasInterval } from "./kind";
import { PeopleDialog } from "./PeopleDialog";
import { SaveBar } from "./SaveBar";
import type { InsightSearch } from "./search";
import type { InsightReport } from "./useInsightReport";

interface InsightPageProps<State extends InsightSearch> {
  readonly report: InsightReport<State, unknown>;
  /** The sections of the builder; a report without choices has only its filters, above it. */
  readonly builder?: ReactNode;
  readonly canCompare?: boolean;
  /** The results. */
  readonly children: ReactNode;
}

/** The frame of every report: its name, its period, what is asked, what came out, and who is behind a number. */
export function InsightPage<State extends InsightSearch>({ report, builder, canCompare = false, children }: InsightPageProps<State>) {
  const { kind, state, saved } = report;
  const change = (patch: InsightSearch) => report.change(patch as Partial<State>);
  const isEmpty = useIsEmpty();
  if (isEmpty) {
    return (
      <Page title={kind.title}>
        <NothingYet />
      </Page>
    );
  }
  const actions = (
    <>
      <PeriodBar period={state} compares={state.compare ?? false} onChange={change} hasInterval={hasInterval(kind, state)} canCompare={canCompare} />
      <SaveBar report={report} />
    </>
  );
  return (
    <Page title={saved.insight?.name ?? kind.title} description={saved.insight && describe(kind.title, saved.insight.description)} actions={actions}>
      {saved.error !== null && <Notice>The saved insight could not be opened: {saved.error instanceof Error ? saved.error.message : "the server did not say why."} What follows is a new report.</Notice>}
      <Unshown report={report} />
      <ReportNotes answer={report.answer.data} insight={state.insight}>
        {builder ? (
          <div className={styles.layout}>
            <BuilderPane kind={kind} state={state}>
              {builder}
            </BuilderPane>
            <div className={styles.results}>{children}</div>
          </div>
        ) : (
          <div className={styles.results}>
            <FilterList filters={state.filters ?? []} onChange={(filters) => change({ filters: filters.length > 0 ? filters : undefined })} hasShortcut />
            {children}
          </div>
        )}
      </ReportNotes>
      {state.people && <PeopleDialog request={report.request} target={state.people} onClose={() => change({ people: undefined })} />}
    </Page>
  );
}

/** A kept question that asks for more than this page knows is not passed off as the one that is shown. */
function Unshown<State extends InsightSearch>({ report: { kind, saved } }: { readonly report: InsightReport<State, unknown> }) {
  const words = (saved.insight && kind.unshown?.(saved.insight.query)) ?? [];
  const found = words.filter((one) => one !== false);
  if (found.length === 0) return null;
  return <Notice>The saved insight also asks for {found.join(" and ")}. This page has no field for that, so what follows is without it; the API answers all of it.</Notice>;
}

function describe(title: string, description: string | undefined): string {
  return description ? `${title} · ${description}` : title;
}

/** A section of the builder under its heading. */
export function Section({ title, hint, children }: { readonly title: string; readonly hint?: ReactNode; readonly children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h2>{title}</h2>
      {hint && <p className={styles.hint}>{hint}</p>}
      {children}
    </section>
  );
}

interface FiltersSectionProps {
  readonly state: InsightSearch;
  readonly onChange: (patch: InsightSearch) => void;
}

/** The filters of the whole report. */
export function FiltersSection({ state, onChange }: FiltersSectionProps) {
  return (
    <Section title="Filters">
      <FilterList filters={state.filters ?? []} onChange={(filters) => onChange({ filters: filters.length > 0 ? filters : undefined })} hasShortcut />
    </Section>
  );
}
