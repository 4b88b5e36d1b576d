import { Bookmark, Ellipsis, Pencil, Plus, Star } from "lucide-react";
import { useState } from "react";

import { ApiError, useChangeInsight, type Insight } from "@/api";
import { useProject } from "@/app/project";
import { Button, IconButton, Menu, MenuItem, toast } from "@/design";

import { differs } from "./kind";
import styles from "./SaveBar.module.css";
import { SaveDialog } from "./SaveDialog";
import type { InsightSearch } from "./search";
import type { InsightReport } from "./useInsightReport";

interface SaveBarProps<State extends InsightSearch> {
  readonly report: InsightReport<State, unknown>;
}

type Asked = "new" | "rename" | null;

/** Keeps a report under a name; an open one can be changed, starred, renamed, or kept once more. */
export function SaveBar<State extends InsightSearch>({ report }: SaveBarProps<State>) {
  const [asked, setAsked] = useState<Asked>(null);
  const { insight } = report.saved;
  return (
    <div className={styles.bar}>
      {insight ? (
        <OpenInsight report={report} insight={insight} onAsk={setAsked} />
      ) : (
        <Button icon={<Bookmark size={16} />} disabled={!report.isAsked} onClick={() => setAsked("new")}>
          Save
        </Button>
      )}
      {asked && (
        <SaveDialog
          insight={asked === "rename" ? insight : undefined}
          query={report.kept}
          display={report.display}
          suggestion={report.kind.name(report.state)}
          onSaved={(made) => report.change({ insight: made.id } as Partial<State>)}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}

interface OpenInsightProps<State extends InsightSearch> extends SaveBarProps<State> {
  readonly insight: Insight;
  readonly onAsk: (asked: Asked) => void;
}

function OpenInsight<State extends InsightSearch>({ report, insight, onAsk }: OpenInsightProps<State>) {
  const project = useProject();
  const save = useChangeInsight(project.id);
  const change = (patch: Parameters<typeof save.mutate>[0], done: string) =>
    save.mutate(patch, { onSuccess: () => toast(done), onError: (error) => toast(error instanceof ApiError ? error.message : "It could not be saved.", "bad") });
  const starred = insight.is_favourite ?? false;
  const changed = report.isAsked && differs(report.kind, report.state, insight.query, insight.display);
  return (
    <>
      <IconButton
        label={starred ? "Remove from favourites" : "Add to favourites"}
        aria-pressed={starred}
        icon={<Star size={16} className={starred ? styles.starred : undefined} />}
        onClick={() => change({ id: insight.id, is_favourite: !starred }, starred ? "Removed from favourites." : "Added to favourites.")}
      />
      {changed && (
        <Button variant="primary" busy={save.isPending} onClick={() => change({ id: insight.id, query: report.kept, display: report.display }, "The changes are saved.")}>
          Save changes
        </Button>
      )}
      <Menu align="end" trigger={<IconButton label="More for this insight" icon={<Ellipsis size={16} />} />}>
        <MenuItem icon={<Pencil size={16} />} onSelect={() => onAsk("rename")}>
          Rename
        </MenuItem>
        <MenuItem icon={<Plus size={16} />} onSelect={() => onAsk("new")}>
          Save as a new insight
        </MenuItem>
      </Menu>
    </>
  );
}
