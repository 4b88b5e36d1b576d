import { Link } from "@tanstack/react-router";
import { ChartLine } from "lucide-react";

import type { Segment, Segments } from "@/api/segments";
import { formatNumber } from "@/lib/numbers";
import { useListKeys } from "@/lib/useListKeys";

import { cohortFilters } from "../shared/cohortFilter";
import styles from "./Segments.module.css";

/** The five built-in segments; each leads to its people. */
export function SegmentCards({ segments }: { readonly segments: Segments }) {
  const list = useListKeys<HTMLUListElement>();
  return (
    <ul ref={list} className={styles.cards}>
      {segments.items.map((segment) => (
        <li key={segment.key} className={styles.card}>
          <SegmentCard segment={segment} />
        </li>
      ))}
    </ul>
  );
}

function SegmentCard({ segment }: { readonly segment: Segment }) {
  const percent = segment.share * 100;
  return (
    <>
      <h3>
        <Link to="/people" search={{ cohort: segment.cohort } as never} className={styles.name} data-row="">
          {segment.name}
        </Link>
      </h3>
      <p className={styles.figure}>{formatNumber(segment.people)}</p>
      <div className={styles.share}>
        <span className={styles.track} aria-hidden="true">
          <span style={{ width: `${percent}%` }} />
        </span>
        {formatNumber(percent, "percent")}
      </div>
      <p className={styles.words}>{segment.definition}</p>
      <Link to="/trends" search={cohortFilters(segment.cohort) as never} className={styles.report} aria-label={`Use in Trends: ${segment.name}`}>
        <ChartLine size={14} aria-hidden="true" />
        Use in Trends
      </Link>
    </>
  );
}
