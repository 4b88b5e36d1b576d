import { Link } from "@tanstack/react-router";

import type { Person } from "@/api/persons";
import { Panel } from "@/design";

import styles from "./Person.module.css";

/** The groups they acted in, and the cohorts and segments they are in. */
export function Memberships({ person }: { readonly person: Person }) {
  return (
    <>
      {person.groups.length > 0 && (
        <Panel title="Groups">
          <ul className={styles.memberships}>
            {person.groups.map(({ type, key }) => (
              <li key={`${type}/${key}`}>
                <span className={styles.quiet}>{type}</span>
                <Link to="/groups/$type/$key" params={{ type, key }}>
                  {key}
                </Link>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title="Cohorts">
        {person.cohorts.length === 0 && <p className={styles.quiet}>In none, as they were last worked out.</p>}
        <ul className={styles.memberships}>
          {person.cohorts.map(({ id, name, is_segment }) => (
            <li key={id}>
              <span className={styles.quiet}>{is_segment ? "Segment" : "Cohort"}</span>
              {is_segment ? (
                <Link to="/people" search={{ cohort: id } as never}>
                  {name}
                </Link>
              ) : (
                <Link to="/cohorts/$cohort" params={{ cohort: String(id) }}>
                  {name}
                </Link>
              )}
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}
