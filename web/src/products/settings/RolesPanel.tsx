import type { Role } from "@/api";
import { Panel } from "@/design";
import { text } from "@/text";

import styles from "./Settings.module.css";

const ROLES: readonly Role[] = ["owner", "admin", "analyst", "viewer"];

export const ROLE_OPTIONS = ROLES.map((role) => ({ value: role, label: text.members.roles[role] }));

export function RolesPanel() {
  return (
    <Panel title={text.members.rolesTitle}>
      <dl className={styles.roles}>
        {ROLES.map((role) => (
          <div key={role} className={styles.role}>
            <dt>{text.members.roles[role]}</dt>
            <dd>{text.members.explain[role]}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
