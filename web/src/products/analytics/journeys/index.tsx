import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import { useProject } from "@/app/project";
import { Notice } from "@/design";
import { formatNumber } from "@/lib/numbers";
import { ShowMore } from "@/products/people/shared/ShowMore";

import { InsightPage } from "../insight/InsightPage";
import { ResultFrame } from "../insight/ResultFrame";
import { useInsightReport, type InsightReport } from "../insight/useInsightReport";
import type { JourneyResult } from "./answers";
import { JourneyBuilder } from "./JourneyBuilder";
import { JOURNEY, journeyLines, journeyName, planVisits } from "./plan";
import { Progress } from "./Progress";
import type { JourneySearch } from "./search";
import { useRest } from "./useJourney";
import { Visits } from "./Visits";

/** What one person did, event by event, and how far they came. */
export default function JourneysPage() {
  const asked = useInsightReport<JourneySearch, JourneyResult>(JOURNEY);
  const person = asked.isAsked ? asked.answer.data?.result.person : undefined;
  // While the next person's answer is on its way, the last one's is still shown.
  const called = asked.answer.isPlaceholderData ? undefined : person?.name;
  const report = { ...asked, kind: { ...JOURNEY, name: (search: JourneySearch) => journeyName(search, called) } };
  return (
    <InsightPage report={report} builder={<JourneyBuilder search={report.state} person={person} onChange={report.change} />}>
      <Results report={report} />
    </InsightPage>
  );
}

const MISSING = { title: "Choose a person", text: "By one of their ids, by name or by e-mail address. What they did is shown event by event." } as const;

function Results({ report }: { readonly report: InsightReport<JourneySearch, JourneyResult> }) {
  const project = useProject();
  const { state, answer } = report;
  const timezone = state.zone ?? project.timezone;
  const first = report.isAsked ? answer.data?.result : undefined;
  const rest = useRest(report.request, first?.next_cursor ?? null);
  const { pages } = rest;
  const visits = useMemo(() => {
    const all = first ? [first, ...pages] : [];
    const sessions = all.flatMap((page) => page.sessions);
    return planVisits(all.flatMap((page) => page.events), sessions, first?.funnel, state.funnel?.steps);
    // The pages are a new list with every render; how many there are tells whether one came.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [first, pages.length, state.funnel]);
  const count = visits.reduce((sum, { events }) => sum + events.length, 0);
  return (
    <>
      {first?.funnel && <Progress progress={first.funnel} timezone={timezone} />}
      <ResultFrame
        report={report}
        title={first?.person ? <JourneyTitle person={first.person} /> : "Journey"}
        description={count > 0 && `${rest.hasNextPage ? "The first " : ""}${formatNumber(count)} ${count === 1 ? "event" : "events"}, the oldest on top, times in ${timezone}`}
        hasData={count > 0}
        missing={MISSING}
        csv={() => journeyLines(visits)}
        isFlush
      >
        <Visits visits={visits} timezone={timezone} />
        {rest.error && <Notice>What follows could not be fetched: {rest.error.message}</Notice>}
        <ShowMore query={rest} />
      </ResultFrame>
    </>
  );
}

function JourneyTitle({ person }: { readonly person: NonNullable<JourneyResult["person"]> }) {
  return (
    <>
      What{" "}
      <Link to="/people/$person" params={{ person: String(person.person) }}>
        {person.name}
      </Link>{" "}
      did
    </>
  );
}
