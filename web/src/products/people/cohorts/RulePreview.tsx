import { Link } from "@tanstack/react-router";
import { RotateCw } from "lucide-react";

import { ApiError } from "@/api";
import { useCohortPreview, type CohortPreview } from "@/api/audiences";
import { useProject } from "@/app/project";
import { Button, Spinner } from "@/design";
import { formatNumber } from "@/lib/numbers";
import { text } from "@/text";

import people from "../shared/People.module.css";
import { useSettled } from "../shared/useSettled";
import { writeDefinition } from "./definition";
import styles from "./Rules.module.css";
import { faultOf, type RuleGroup } from "./rules";

interface RulePreviewProps {
  readonly rules: RuleGroup;
  /** The cohort that is changed. */
  readonly self: number | undefined;
}

const PAUSE_MS = 500;

/** How many the rule means and some of them, while it is written; asked half a second after the last change. */
export function RulePreview({ rules, self }: RulePreviewProps) {
  const project = useProject();
  const written = faultOf(rules) === null ? JSON.stringify(writeDefinition(rules)) : null;
  const settled = useSettled(written, PAUSE_MS);
  const preview = useCohortPreview(project.id, settled, self);
  const isStale = written !== settled || preview.isPlaceholderData;
  const isAsking = written !== null && (isStale || preview.isFetching);
  const { data, error } = preview;
  return (
    <div className={styles.preview} aria-busy={isAsking || undefined}>
      <div className={styles.previewHead}>
        <p role="status" className={styles.previewCount} data-stale={(data && isStale) || undefined}>
          {data && !error ? countWords(data.total) : written === null ? "Complete the rule to see how many match." : !error && "Counting who matches…"}
        </p>
        {isAsking && <Spinner />}
        {data && !error && <span className={people.quiet}>{isStale ? staleWords(written) : `now, in ${formatNumber(Math.max(1, Math.round(data.elapsed_ms)))} ms`}</span>}
      </div>
      {error && !isStale && <Failure error={error} onRetry={() => void preview.refetch()} />}
      {data && !error && <Examples preview={data} stale={isStale} />}
    </div>
  );
}

function countWords(total: number): string {
  if (total === 0) return "Nobody matches";
  return total === 1 ? "1 person matches" : `About ${formatNumber(total)} people match`;
}

function staleWords(written: string | null): string {
  return written === null ? "before this change; complete the rule to count anew" : "before this change, counting anew…";
}

function Examples({ preview, stale }: { readonly preview: CohortPreview; readonly stale: boolean }) {
  if (preview.items.length === 0) return null;
  const more = preview.total - preview.items.length;
  return (
    <ul className={styles.examples} aria-label="Some of them" data-stale={stale || undefined}>
      {preview.items.map(({ person, name }) => (
        <li key={person}>
          {/* In a tab of its own: the rule is not saved yet. */}
          <Link to="/people/$person" params={{ person: String(person) }} target="_blank" className={people.link}>
            {name}
            <span className="visually-hidden"> (opens in a new tab)</span>
          </Link>
        </li>
      ))}
      {more > 0 && <li className={people.quiet}>and {formatNumber(more)} more</li>}
    </ul>
  );
}

function Failure({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const fields = error instanceof ApiError ? error.fields.map(({ path, message }) => `${path} ${message}`) : [];
  const hint = error instanceof ApiError ? error.hint : undefined;
  return (
    <div role="alert" className={styles.previewFailure}>
      <span>It could not be counted: {[fields.length > 0 ? `${fields.join("; ")}.` : error.message, hint].filter(Boolean).join(" ")}</span>
      <Button icon={<RotateCw size={16} />} onClick={onRetry}>
        {text.common.tryAgain}
      </Button>
    </div>
  );
}
