import { Button, Panel, panelState } from "@/design";
import { formatNumber } from "@/lib/numbers";

import { useColumns } from "../ColumnPicker";
import styles from "./People.module.css";
import { PersonTable, type ListedPerson } from "./PersonTable";
import { SearchField } from "./SearchField";
import { ShowMore } from "./ShowMore";

type PanelQuery = Parameters<typeof panelState>[0];

/** Page after page of people, with how many they are. */
interface PeopleQuery extends PanelQuery {
  readonly data: { readonly pages: readonly { readonly items: readonly ListedPerson[]; readonly total: number }[] } | undefined;
  readonly isPlaceholderData: boolean;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

interface PeoplePanelProps {
  readonly caption: string;
  readonly query: PeopleQuery;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  /** Said where nobody is in the list at all. */
  readonly nobody: string;
  readonly hasLastSeen?: boolean;
}

/** The people of one thing, a cohort or a group, to search and to page through. */
export function PeoplePanel({ caption, query, search, onSearch, nobody, hasLastSeen = false }: PeoplePanelProps) {
  const columns = useColumns(undefined);
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const total = query.data?.pages[0]?.total;
  const empty = search
    ? ({ kind: "empty", why: "no-match", title: "Nobody matches", action: <Button onClick={() => onSearch("")}>Show everybody</Button> } as const)
    : ({ kind: "empty", why: "nothing-yet", title: nobody } as const);
  return (
    <Panel
      title="People"
      description={total === undefined ? undefined : `${formatNumber(total)} ${search ? "match" : "in all"}`}
      actions={
        <div className={styles.toolbar}>
          <SearchField label="Search these people" value={search} onChange={onSearch} />
        </div>
      }
      state={panelState(query, { empty: rows.length === 0 && empty })}
      flush={rows.length > 0}
      refreshing={query.isPlaceholderData}
    >
      <PersonTable caption={caption} people={rows} properties={columns} dimmed={query.isPlaceholderData} hasLastSeen={hasLastSeen} />
      <ShowMore query={query} />
    </Panel>
  );
}
