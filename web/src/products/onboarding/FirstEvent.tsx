import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";

import { useFirstEvent } from "@/api";
import { useProject } from "@/app/project";
import { formatRelative } from "@/lib/format";
import { text } from "@/text";

import styles from "./Onboarding.module.css";

/** Waits, and turns green by itself when the first event is stored. */
export function FirstEvent() {
  const project = useProject();
  const { data: event } = useFirstEvent(project.id);
  return (
    <div className={styles.first} data-arrived={event ? true : undefined} role="status">
      {event ? <CircleCheck size={20} aria-hidden="true" /> : <span className={styles.pulse} aria-hidden="true" />}
      <div className={styles.words}>
        <p className={styles.title}>{event ? text.install.firstTitle : text.install.waitingTitle}</p>
        <p className={styles.detail}>{event ? text.install.firstText(event.event, formatRelative(event.received_at)) : text.install.waitingText}</p>
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
