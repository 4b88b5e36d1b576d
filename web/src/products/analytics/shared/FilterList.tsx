import { ListFilter, Plus, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import { Button, Popover, SkeletonRows, useShortcut } from "@/design";

import { useCohortNames } from "./catalogue";
import styles from "./FilterBar.module.css";
import { describeFilter, withFilter, withoutFilter, type Filter } from "./filters";

const FilterEditor = lazy(() => import("./FilterEditor"));
const COMING = (
  <div className={styles.editor}>
    <SkeletonRows rows={3} />
  </div>
);

interface FilterListProps {
  readonly filters: readonly Filter[];
  readonly onChange: (filters: Filter[]) => void;
  readonly event?: string | null;
  /** Opens with `/`; only one list of a page can. */
  readonly hasShortcut?: boolean;
}

/** Filters as chips; each can be changed or removed, and one more added. */
export function FilterList({ filters, onChange, event, hasShortcut = false }: FilterListProps) {
  const cohorts = useCohortNames(filters.some((filter) => filter.type === "cohort"));
  return (
    <div className={styles.chips}>
      {filters.map((filter, index) => (
        <Chip
          key={JSON.stringify(filter)}
          filter={filter}
          words={describeFilter(filter, cohorts)}
          event={event}
          onChange={(next) => onChange(filters.map((one, position) => (position === index ? next : one)))}
          onRemove={() => onChange(withoutFilter(filters, index))}
        />
      ))}
      <AddFilter event={event} hasShortcut={hasShortcut} compact={filters.length > 0} onAdd={(filter) => onChange(withFilter(filters, filter))} />
    </div>
  );
}

interface ChipProps {
  readonly filter: Filter;
  readonly words: string;
  readonly event: string | null | undefined;
  readonly onChange: (filter: Filter) => void;
  readonly onRemove: () => void;
}

function Chip({ filter, words, event, onChange, onRemove }: ChipProps) {
  const [open, setOpen] = useState(false);
  return (
    <span className={styles.chip}>
      <Popover
        label={`Change filter: ${words}`}
        open={open}
        onOpenChange={setOpen}
        trigger={
          <button type="button" className={styles.chipText}>
            {words}
          </button>
        }
      >
        <Suspense fallback={COMING}>
          <FilterEditor
            filter={filter}
            event={event ?? null}
            onApply={(next) => {
              setOpen(false);
              onChange(next);
            }}
          />
        </Suspense>
      </Popover>
      <button type="button" className={styles.chipRemove} aria-label={`Remove filter: ${words}`} onClick={onRemove}>
        <X size={14} />
      </button>
    </span>
  );
}

interface AddFilterProps {
  readonly event: string | null | undefined;
  readonly hasShortcut: boolean;
  readonly compact: boolean;
  readonly onAdd: (filter: Filter) => void;
}

function AddFilter({ event, hasShortcut, compact, onAdd }: AddFilterProps) {
  const [open, setOpen] = useState(false);
  const icon = compact ? <Plus size={16} /> : <ListFilter size={16} />;
  return (
    <>
      {hasShortcut && <FilterShortcut onOpen={() => setOpen(true)} />}
      <Popover label="Add a filter" open={open} onOpenChange={setOpen} trigger={<Button variant={hasShortcut ? "secondary" : "ghost"} icon={icon}>Filter</Button>}>
        <Suspense fallback={COMING}>
          <FilterEditor
            event={event ?? null}
            onApply={(filter) => {
              setOpen(false);
              onAdd(filter);
            }}
          />
        </Suspense>
      </Popover>
    </>
  );
}

function FilterShortcut({ onOpen }: { readonly onOpen: () => void }) {
  useShortcut({ keys: "/", label: "Add a filter", group: "This page", run: onOpen });
  return null;
}
