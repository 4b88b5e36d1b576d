import type { Role } from "@/api";
import { Panel } from "@/design";

import styles from "./Settings.module.css";
import { words } from "./words";

const ROLES: readonly Role[] = ["owner", "admin", "analyst", "viewer"];

export const ROLE_OPTIONS = ROLES.map((role) => ({ value: role, label: words.members.roles[role] }));

export function RolesPanel() {
  return (
    <Panel title={words.members.rolesTitle}>
      <dl className={styles.roles}>
        {ROLES.map((role) => (
          <div key={role} className={styles.role}>
            <dt>{words.members.roles[role]}</dt>
            <dd>{words.members.explain[role]}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
