import type { Rfm, RfmSegment } from "@/api/segments";
import { formatNumber } from "@/lib/numbers";

import styles from "./Segments.module.css";

interface RfmTableProps {
  readonly rfm: Rfm;
  readonly hasMoney: boolean;
  readonly onMark: (segment: string | null) => void;
  readonly onPick: (segment: RfmSegment) => void;
}

/** The named segments with what is usual in each. Pointing at one shows where it lies in the grid. */
export function RfmTable({ rfm, hasMoney, onMark, onPick }: RfmTableProps) {
  return (
    <div className={styles.tableFrame} role="region" aria-label="Named segments" tabIndex={0}>
      <table className={styles.table}>
        <caption className="visually-hidden">Named segments</caption>
        <thead>
          <tr>
            <th scope="col">Segment</th>
            <th scope="col" className="numeric">
              People
            </th>
            <th scope="col" className="numeric">
              Share
            </th>
            <th scope="col" className="numeric">
              Times
            </th>
            {hasMoney && (
              <th scope="col" className="numeric">
                Money
              </th>
            )}
            <th scope="col" className="numeric">
              Days since
            </th>
          </tr>
        </thead>
        <tbody>
          {rfm.segments.map((segment) => (
            <tr key={segment.key} onPointerEnter={() => onMark(segment.key)} onPointerLeave={() => onMark(null)}>
              <th scope="row">
                <NameButton segment={segment} onMark={onMark} onPick={onPick} />
              </th>
              <td className="numeric">{formatNumber(segment.people)}</td>
              <td className="numeric">{formatNumber(segment.share * 100, "percent")}</td>
              <td className="numeric">{mean(segment, segment.mean_count)}</td>
              {hasMoney && <td className="numeric">{mean(segment, segment.mean_money)}</td>}
              <td className="numeric">{mean(segment, segment.mean_days_since)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.axes}>Times, money and days since the last one are means of its people.</p>
    </div>
  );
}

function NameButton({ segment, onMark, onPick }: Pick<RfmTableProps, "onMark" | "onPick"> & { readonly segment: RfmSegment }) {
  if (segment.people === 0) return segment.name;
  return (
    <button type="button" className={styles.nameButton} aria-label={`${segment.name}: show people`} onFocus={() => onMark(segment.key)} onBlur={() => onMark(null)} onClick={() => onPick(segment)}>
      {segment.name}
    </button>
  );
}

/** One figure after the point is what a mean of people can bear. */
function mean({ people }: RfmSegment, value: number): string {
  return people === 0 ? "–" : formatNumber(Math.round(value * 10) / 10);
}
