import type { SyntheticEvent } from "react";

import { Popover } from "@/design";

import type { Plot } from "./ChartCanvas";
import styles from "./Chart.module.css";
import { formatBucketLong } from "./dates";
import { notesByBucket } from "./noteBuckets";
import type { ChartSpec } from "./spec";

const stop = (event: SyntheticEvent) => event.stopPropagation();
/** What is done to a mark is not done to the chart. */
const KEPT = { onPointerDown: stop, onPointerUp: stop, onKeyDown: stop };

/** A mark above each bucket with a note; it opens what was noted. */
export function NoteMarkers({ spec, plot }: { readonly spec: ChartSpec; readonly plot: Plot }) {
  return [...notesByBucket(spec)].map(([index, texts]) => {
    const when = formatBucketLong(spec.labels[index] ?? "", spec.interval);
    return (
      <span key={index} className={styles.noteMarker} style={{ left: plot.centre(index) }}>
        <Popover label={`Annotations of ${when}`} align="center" trigger={<button type="button" {...KEPT} className={styles.noteButton} aria-label={`${when}: ${texts.join("; ")}`} title={texts.join("\n")} />}>
          <p className={styles.noteWhen}>{when}</p>
          {texts.map((text, place) => (
            <p key={place} className={styles.noteText}>
              {text}
            </p>
          ))}
        </Popover>
      </span>
    );
  });
}
