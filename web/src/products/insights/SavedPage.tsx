import { Archive, Star } from "lucide-react";
import { useState } from "react";

import { useChangeSaved, useSavedList, useTags, type SavedInsight } from "@/api/saved";
import { useProject } from "@/app/project";
import { maySave } from "@/app/roles";
import { Button, Combobox, Page, Panel, panelState, Table } from "@/design";
import { useListKeys } from "@/lib/useListKeys";
import { SaveDialog } from "@/products/analytics/insight/SaveDialog";
import { fieldsOf, flag, oneOf, text } from "@/products/analytics/shared/reading";
import { useReport } from "@/products/analytics/shared/useReport";
import styles from "@/products/people/shared/People.module.css";
import { sayFailure } from "@/products/people/shared/sayFailure";
import { SearchField } from "@/products/people/shared/SearchField";
import { ShowMore } from "@/products/people/shared/ShowMore";

import { KINDS } from "./kinds";
import { savedColumns } from "./savedColumns";
import { VersionsDialog } from "./VersionsDialog";

const validate = fieldsOf({ search: text(), tag: text(), kind: text(), favourite: flag, owner: oneOf(["me"] as const), archived: flag });
type State = ReturnType<typeof validate>;
const NOTHING: State = { search: undefined, tag: undefined, kind: undefined, favourite: undefined, owner: undefined, archived: undefined };
const EVERY = "*";

/** Everything that somebody kept. */
export default function SavedPage() {
  const project = useProject();
  const { state, change, replace } = useReport(validate);
  const saved = useSavedList(project.id, state);
  const rows = saved.data?.pages.flatMap((page) => page.items) ?? [];
  const put = useChangeSaved(project.id);
  const list = useListKeys();
  const [renamed, setRenamed] = useState<SavedInsight | null>(null);
  const [traced, setTraced] = useState<SavedInsight | null>(null);
  const columns = savedColumns({
    editable: maySave(project),
    timezone: project.timezone,
    onChange: (change) => put.mutate(change, { onError: sayFailure }),
    onRename: setRenamed,
    onVersions: setTraced,
  });
  return (
    <Page title="Saved" description="Insights that somebody kept under a name. Everybody in this project can open them; favourites are your own.">
      <Toolbar state={state} onSearch={(search) => replace({ search: search || undefined })} onChange={change} />
      <Panel title={state.archived ? "Archived insights" : "Insights"} state={panelState(saved, { empty: rows.length === 0 && emptyOf(state, () => change(NOTHING)) })} flush={rows.length > 0} refreshing={saved.isPlaceholderData}>
        <div ref={list} className={styles.list} data-dimmed={saved.isPlaceholderData || undefined}>
          <Table caption="Saved insights" columns={columns} rows={rows} rowKey={({ id }) => String(id)} />
        </div>
        <ShowMore query={saved} />
      </Panel>
      {renamed && <SaveDialog insight={renamed} query={renamed.query} display={renamed.display} suggestion={renamed.name} onSaved={() => undefined} onClose={() => setRenamed(null)} />}
      {traced && <VersionsDialog insight={traced} onClose={() => setTraced(null)} />}
    </Page>
  );
}

function emptyOf(state: State, onClear: () => void) {
  const narrowed = state.search ?? state.tag ?? state.kind ?? state.favourite ?? state.owner;
  if (narrowed !== undefined) return { kind: "empty", why: "no-match", title: "No insight matches", action: <Button onClick={onClear}>Show all insights</Button> } as const;
  if (state.archived) return { kind: "empty", why: "nothing-yet", title: "Nothing is archived", action: <Button onClick={onClear}>Show all insights</Button> } as const;
  return { kind: "empty", why: "nothing-yet", title: "Nothing is saved yet", text: "Build a report under Trends, Funnels or any other, and choose Save." } as const;
}

interface ToolbarProps {
  readonly state: State;
  readonly onSearch: (search: string) => void;
  readonly onChange: (patch: Partial<State>) => void;
}

function Toolbar({ state, onSearch, onChange }: ToolbarProps) {
  const project = useProject();
  const tags = useTags(project.id).data?.items ?? [];
  const kinds = [{ value: EVERY, label: "Every kind" }, ...KINDS.map(({ kind, name }) => ({ value: kind, label: name }))];
  const tagOptions = [{ value: EVERY, label: "Every tag" }, ...tags.map(({ tag, count }) => ({ value: tag, detail: count }))];
  return (
    <div className={styles.toolbar}>
      <SearchField label="Search insights" value={state.search ?? ""} onChange={onSearch} />
      <Combobox label="Kind" shape="chip" value={state.kind ?? EVERY} options={kinds} onChange={(kind) => onChange({ kind: kind === EVERY ? undefined : kind })} searchPlaceholder="Find a kind" />
      <Combobox label="Tag" shape="chip" value={state.tag ?? EVERY} options={tagOptions} onChange={(tag) => onChange({ tag: tag === EVERY ? undefined : tag })} searchPlaceholder="Find a tag" />
      <Button aria-pressed={state.favourite ?? false} className={styles.toggle} icon={<Star size={16} />} onClick={() => onChange({ favourite: state.favourite ? undefined : true })}>
        Favourites
      </Button>
      <Button aria-pressed={state.owner === "me"} className={styles.toggle} onClick={() => onChange({ owner: state.owner ? undefined : "me" })}>
        Mine
      </Button>
      <Button aria-pressed={state.archived ?? false} className={styles.toggle} icon={<Archive size={16} />} onClick={() => onChange({ archived: state.archived ? undefined : true })}>
        Archived
      </Button>
    </div>
  );
}
