import { Link } from "@tanstack/react-router";
import { Plus, Star } from "lucide-react";

import { useChangeCohort, useCohortList, type CohortView } from "@/api/audiences";
import { useProject } from "@/app/project";
import { maySave } from "@/app/roles";
import { Badge, Button, Page, Panel, panelState, SegmentedControl, Spinner, Table, Tooltip, type TableColumn } from "@/design";
import { useListKeys } from "@/lib/useListKeys";
import { formatNumber } from "@/lib/numbers";
import { formatDateTime, formatRelative } from "@/lib/times";
import { fieldsOf, flag, oneOf, text } from "@/products/analytics/shared/reading";
import { useReport } from "@/products/analytics/shared/useReport";

import styles from "../shared/People.module.css";
import { sayFailure } from "../shared/sayFailure";
import { SearchField } from "../shared/SearchField";
import { ShowMore } from "../shared/ShowMore";
import { StarButton } from "../shared/StarButton";
import { TagChoice } from "../shared/TagChoice";
import { TagList } from "../shared/TagList";
import { useAudienceNames } from "../shared/useAudienceNames";
import { meaningOf } from "./words";

const validate = fieldsOf({ search: text(), kind: oneOf(["dynamic", "static"]), tag: text(), favourites: flag, owner: oneOf(["me"]) });
const NOTHING = { search: undefined, kind: undefined, tag: undefined, favourites: undefined, owner: undefined };

const KINDS = [
  { value: "all", label: "All" },
  { value: "dynamic", label: "Rules" },
  { value: "static", label: "Lists" },
] as const;

/** Groups of people, by rule or by list. */
export default function CohortsPage() {
  const project = useProject();
  const { state, change, replace } = useReport(validate);
  const cohorts = useCohortList(project.id, state);
  const rows = cohorts.data?.pages.flatMap((page) => page.items) ?? [];
  const list = useListKeys();
  const star = useChangeCohort(project.id);
  const columns = cohortColumns(project.timezone, (cohort, is_favourite) => star.mutate({ id: cohort.id, is_favourite }, { onError: sayFailure }));
  const isNarrowed = Boolean(state.search ?? state.kind ?? state.tag ?? state.favourites ?? state.owner);
  const create = maySave(project) && <NewCohortLink />;
  const empty = isNarrowed
    ? ({ kind: "empty", why: "no-match", title: "No cohort matches", action: <Button onClick={() => change(NOTHING)}>Show all cohorts</Button> } as const)
    : ({ kind: "empty", why: "nothing-yet", title: "No cohorts yet", text: "A cohort is a group of people: those who did something, who have a property, or who are on a list. Use it as a filter in any report.", action: create } as const);
  return (
    <Page title="Cohorts" description="Groups of people to look at by themselves: by a rule that keeps itself up to date, or by a list." actions={create}>
      <div className={styles.toolbar}>
        <SearchField label="Search cohorts" value={state.search ?? ""} onChange={(search) => replace({ search: search || undefined })} />
        <SegmentedControl label="Kind" value={state.kind ?? "all"} options={KINDS} onChange={(kind) => change({ kind: kind === "all" ? undefined : kind })} />
        <TagChoice tag={state.tag} onChange={(tag) => change({ tag })} />
        <Button aria-pressed={state.favourites ?? false} className={styles.toggle} icon={<Star size={16} />} onClick={() => change({ favourites: state.favourites ? undefined : true })}>
          Favourites
        </Button>
        <Button aria-pressed={state.owner === "me"} className={styles.toggle} onClick={() => change({ owner: state.owner ? undefined : "me" })}>
          Mine
        </Button>
      </div>
      <Panel title="Cohorts of this project" state={panelState(cohorts, { empty: rows.length === 0 && empty })} flush={rows.length > 0} refreshing={cohorts.isPlaceholderData}>
        <div ref={list} className={styles.list} data-dimmed={cohorts.isPlaceholderData || undefined}>
          <Table caption="Cohorts" columns={columns} rows={rows} rowKey={(cohort) => String(cohort.id)} />
        </div>
        <ShowMore query={cohorts} />
      </Panel>
    </Page>
  );
}

function NewCohortLink() {
  return (
    <Link to="/cohorts/new" className={styles.buttonLink} data-primary="">
      <Plus size={16} aria-hidden="true" />
      New cohort
    </Link>
  );
}

function cohortColumns(timezone: string, onStar: (cohort: CohortView, starred: boolean) => void): TableColumn<CohortView>[] {
  return [
    { key: "star", header: <span className="visually-hidden">Favourite</span>, width: "48px", cell: (cohort) => <StarButton name={cohort.name} starred={cohort.is_favourite} onChange={(starred) => onStar(cohort, starred)} /> },
    { key: "name", header: "Name", cell: (cohort) => <NameCell cohort={cohort} /> },
    { key: "kind", header: "Kind", wideOnly: true, nowrap: true, cell: (cohort) => <Badge>{cohort.kind === "dynamic" ? "Rule" : "List"}</Badge> },
    { key: "size", header: "People", numeric: true, cell: (cohort) => formatNumber(cohort.size) },
    { key: "calculated", header: "Worked out", wideOnly: true, nowrap: true, cell: (cohort) => <Calculated cohort={cohort} timezone={timezone} /> },
    { key: "owner", header: "Owner", wideOnly: true, cell: (cohort) => cohort.owner ?? <span className={styles.quiet}>Nobody</span> },
  ];
}

function NameCell({ cohort }: { readonly cohort: CohortView }) {
  const names = useAudienceNames();
  return (
    <div className={styles.named}>
      <span className={styles.nameLine}>
        <Link to="/cohorts/$cohort" params={{ cohort: String(cohort.id) }} className={styles.link} data-row="">
          {cohort.name}
        </Link>
        <TagList tags={cohort.tags} />
      </span>
      <span className={`${styles.quiet} ${styles.clip}`}>{cohort.description || meaningOf(cohort, names)}</span>
    </div>
  );
}

/** When the cohort was last worked out, or what is in the way. */
export function Calculated({ cohort, timezone }: { readonly cohort: CohortView; readonly timezone: string }) {
  if (cohort.calculating) {
    return (
      <span className={styles.nameLine}>
        <Spinner /> Being worked out
      </span>
    );
  }
  if (cohort.error) return <Badge tone="bad">Failed</Badge>;
  if (!cohort.calculated_at) return <span className={styles.quiet}>Not yet</span>;
  return (
    <Tooltip content={formatDateTime(cohort.calculated_at, timezone)}>
      <span>{formatRelative(cohort.calculated_at)}</span>
    </Tooltip>
  );
}
