import { Download, Search, UsersRound } from "lucide-react";
import { useEffect, useMemo, useState } from "react";

import { fetchAllPeople, usePeople, type PeopleSource } from "@/api";
import { useProject } from "@/app/project";
import { Button, Dialog, EmptyState, ErrorState, Input, SkeletonRows, toast } from "@/design";
import { formatNumber } from "@/lib/numbers";

import type { QueryRequest } from "../shared/answers";
import { planAllFilters } from "../shared/filters";
import { toCsv } from "./csv";
import { peopleCsv } from "./people";
import styles from "./PeopleDialog.module.css";
import { PeopleTable } from "./PeopleTable";
import { SaveCohort } from "./SaveCohort";
import { saveText } from "./saveText";
import type { PeopleTarget } from "./search";

interface PeopleDialogProps {
  readonly request: QueryRequest;
  readonly target: PeopleTarget;
  readonly onClose: () => void;
}

/** Who is behind one number of a report. */
export function PeopleDialog({ request, target, onClose }: PeopleDialogProps) {
  const project = useProject();
  const [search, setSearch] = useState("");
  const [saves, setSaves] = useState(false);
  const source = useMemo<PeopleSource>(() => ({ query: planAllFilters(request) as object, point: target.point }), [request, target.point]);
  const people = usePeople(project.id, source, search);
  const first = people.data?.pages[0];
  const items = people.data?.pages.flatMap((page) => page.items) ?? [];
  const tools = (
    <div className={styles.tools}>
      <SearchBox onSearch={setSearch} />
      <span className={styles.total} role="status">
        {first && `${formatNumber(first.total)} ${first.total === 1 ? "person" : "people"}`}
      </span>
      <DownloadButton source={source} search={search} disabled={items.length === 0} />
      <Button icon={<UsersRound size={16} />} disabled={items.length === 0} aria-expanded={saves} onClick={() => setSaves(!saves)}>
        Save as cohort
      </Button>
    </div>
  );
  return (
    <Dialog wide open onOpenChange={(open) => !open && onClose()} title={target.title} description={first?.definition}>
      {tools}
      {saves && <SaveCohort source={source} suggestion={target.title} onDone={() => setSaves(false)} />}
      {people.isPending && <SkeletonRows rows={6} />}
      {people.isError && <ErrorState error={people.error} onRetry={() => void people.refetch()} />}
      {people.isSuccess && items.length === 0 && (
        <EmptyState kind="no-match" title={search ? "Nobody matches" : "Nobody is behind this number"}>
          {search ? "Search looks in ids and in properties." : undefined}
        </EmptyState>
      )}
      {items.length > 0 && !people.isError && <PeopleTable people={items} dimmed={people.isPlaceholderData} />}
      {people.hasNextPage && (
        <Button wide busy={people.isFetchingNextPage} onClick={() => void people.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Dialog>
  );
}

const TYPING_PAUSE_MS = 250;

function SearchBox({ onSearch }: { readonly onSearch: (search: string) => void }) {
  const [typed, setTyped] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => onSearch(typed.trim()), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, onSearch]);
  return (
    <span className={styles.search}>
      <Search size={14} aria-hidden="true" />
      <Input type="search" aria-label="Search people" placeholder="Search ids and properties" value={typed} onChange={(event) => setTyped(event.target.value)} />
    </span>
  );
}

const MOST_ROWS = 10_000;

interface DownloadButtonProps {
  readonly source: PeopleSource;
  readonly search: string;
  readonly disabled: boolean;
}

function DownloadButton({ source, search, disabled }: DownloadButtonProps) {
  const project = useProject();
  const [busy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    try {
      const people = await fetchAllPeople(project.id, source, search, MOST_ROWS);
      saveText("people.csv", "text/csv", toCsv(peopleCsv(people)));
      if (people.length === MOST_ROWS) toast(`The file holds the first ${formatNumber(MOST_ROWS)} people.`);
    } catch (error) {
      toast(error instanceof Error ? error.message : "The people could not be fetched.", "bad");
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button variant="ghost" icon={<Download size={16} />} busy={busy} disabled={disabled} onClick={() => void download()}>
      CSV
    </Button>
  );
}
