import { Pause, Play, X } from "lucide-react";
import { useState } from "react";

import { useEvents } from "@/api";
import { useProject } from "@/app/project";
import { Button, Combobox, IconButton, Panel, panelState, SkeletonRows } from "@/design";

import { ANY_EVENT, useEventOptions } from "../shared/catalogue";
import { eventName } from "../shared/properties";
import { EventRow } from "./EventRow";
import styles from "./Live.module.css";
import { Novelty } from "./plan";

interface EventStreamProps {
  readonly event: string | undefined;
  readonly onEvent: (event: string | undefined) => void;
}

const EVERY_MS = 2_000;
const ROWS = 50;

/** The newest events. It holds still while somebody points at it, so that a row never slips away under a click. */
export function EventStream({ event, onEvent }: EventStreamProps) {
  const project = useProject();
  const [stopped, setStopped] = useState(false);
  const [pointed, setPointed] = useState(false);
  const still = stopped || pointed;
  const query = useEvents(project.id, { limit: ROWS, event }, { refetchInterval: still ? false : EVERY_MS });
  const items = query.data?.items ?? [];
  const fresh = useNovelty(items.map((item) => item.uuid), event);
  const empty = {
    kind: "empty",
    why: "no-match",
    title: event ? `No event “${eventName(event)}” yet` : "No events",
    action: event ? <Button onClick={() => onEvent(undefined)}>Show all events</Button> : undefined,
  } as const;
  return (
    <Panel
      title="Events"
      description={stopped ? "Paused" : pointed ? "Paused while you point at it" : "Every 2 seconds, newest first"}
      flush
      actions={
        <>
          <EventChoice event={event} onEvent={onEvent} />
          <Button aria-pressed={stopped} icon={stopped ? <Play size={16} /> : <Pause size={16} />} onClick={() => setStopped(!stopped)}>
            {stopped ? "Resume" : "Pause"}
          </Button>
        </>
      }
      state={panelState(query, { skeleton: <SkeletonRows rows={10} />, empty: query.data && items.length === 0 && empty })}
    >
      <ul className={styles.stream} onPointerEnter={(enter) => setPointed(enter.pointerType === "mouse")} onPointerLeave={() => setPointed(false)}>
        {items.map((item) => (
          <EventRow key={item.uuid} item={item} isNew={fresh.has(item.uuid)} timezone={project.timezone} />
        ))}
      </ul>
    </Panel>
  );
}

function EventChoice({ event, onEvent }: EventStreamProps) {
  const options = useEventOptions();
  return (
    <div className={styles.choice}>
      <Combobox label="Event" shape="chip" value={event ?? ANY_EVENT} display={eventName(event ?? null)} options={options} onChange={(next) => onEvent(next === ANY_EVENT ? undefined : next)} searchPlaceholder="Find an event" freeText />
      {event && <IconButton label="Show all events" icon={<X size={16} />} onClick={() => onEvent(undefined)} />}
    </div>
  );
}

/** Which rows are new since the last answer; another filter starts afresh. */
function useNovelty(ids: readonly string[], filter: string | undefined): ReadonlySet<string> {
  const [memory, setMemory] = useState({ filter, novelty: new Novelty() });
  if (memory.filter !== filter) setMemory({ filter, novelty: new Novelty() });
  return ids.length > 0 ? memory.novelty.update(ids) : EMPTY;
}

const EMPTY: ReadonlySet<string> = new Set();
