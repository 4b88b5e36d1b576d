import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useState } from "react";

import { useFirstEvent } from "@/api";
import { useProject } from "@/app/project";
import { ErrorState, Skeleton } from "@/design";
import { eventName } from "@/lib/eventNames";
import { formatRelative } from "@/lib/times";
import { text } from "@/text";

import styles from "./Onboarding.module.css";

/** Waits, and turns green by itself when the first event is stored. */
export function FirstEvent() {
  const project = useProject();
  const { data: event = null, isPending, isSuccess, isError, error, refetch } = useFirstEvent(project.id);
  const [waited, setWaited] = useState(false);
  if (isSuccess && event === null && !waited) setWaited(true);
  if (isPending) return <Skeleton height={74} />;
  if (isError) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const words = waited ? text.install.firstText : text.install.lastText;
  return (
    <div className={styles.first} data-arrived={event ? true : undefined} role="status">
      {event ? <CircleCheck size={20} aria-hidden="true" /> : <span className={styles.pulse} aria-hidden="true" />}
      <div className={styles.words}>
        <p className={styles.title}>{titleOf(event !== null, waited)}</p>
        <p className={styles.detail}>{event ? words(eventName(event.event), formatRelative(event.received_at)) : text.install.waitingText}</p>
      </div>
      {event && (
        <nav className={styles.links} aria-label={text.install.next}>
          <Link to="/">{text.install.seeHome}</Link>
          <Link to="/live">{text.install.seeLive}</Link>
        </nav>
      )}
    </div>
  );
}

function titleOf(arrived: boolean, waited: boolean): string {
  if (!arrived) return text.install.waitingTitle;
  return waited ? text.install.firstTitle : text.install.lastTitle;
}
