import { RotateCw, SlidersHorizontal } from "lucide-react";
import { useState } from "react";

import { useCalculateSegments, useSegments } from "@/api/segments";
import { useProject } from "@/app/project";
import { maySave } from "@/app/roles";
import { Button, Page, Panel, panelState, Skeleton } from "@/design";
import { formatNumber } from "@/lib/numbers";
import { formatRelative } from "@/lib/times";

import { sayFailure } from "../shared/sayFailure";
import { RfmPanel } from "./RfmPanel";
import { RulesDialog } from "./RulesDialog";
import { SegmentCards } from "./SegmentCards";

/** Everybody by how often and how lately they come, and what they are worth. */
export default function SegmentsPage() {
  const project = useProject();
  const segments = useSegments(project.id);
  const calculate = useCalculateSegments(project.id);
  const [edits, setEdits] = useState(false);
  const found = segments.data;
  const isEmpty = found?.people === 0 && ({ kind: "empty", why: "nothing-yet", title: "Nobody yet", text: "Segments appear with the first event." } as const);
  const actions = maySave(project) && (
    <>
      <Button icon={<RotateCw size={16} />} busy={calculate.isPending} onClick={() => calculate.mutate(undefined, { onError: sayFailure })}>
        Count anew
      </Button>
      <Button icon={<SlidersHorizontal size={16} />} disabled={!found} onClick={() => setEdits(true)}>
        Change thresholds
      </Button>
    </>
  );
  return (
    <Page title="Segments" description="Everybody in one of five groups, by how often and how lately they are active. Each is a cohort: use it as a filter anywhere." actions={actions}>
      <Panel title="By activity" description={found?.definition} flush={Boolean(found) && !isEmpty} state={panelState(segments, { skeleton: <Skeleton height={150} />, empty: isEmpty })} footer={found && footerOf(found.people, found.rest, found.calculated_at)}>
        {found && <SegmentCards segments={found} />}
      </Panel>
      <RfmPanel />
      {edits && found && <RulesDialog rules={found.rules} onClose={() => setEdits(false)} />}
    </Page>
  );
}

function footerOf(people: number, rest: number, calculatedAt: string | null): string {
  const counted = calculatedAt ? `Counted ${formatRelative(calculatedAt)}. ` : "";
  return `${counted}${formatNumber(people)} people in all, ${formatNumber(rest)} of them in none of these.`;
}
