import { useNavigate } from "@tanstack/react-router";
import { BookOpen, Keyboard, LogOut } from "lucide-react";

import { useSignOut, type Session } from "@/api";
import { IconButton, Menu, MenuItem, MenuSeparator } from "@/design";
import { text } from "@/text";

import styles from "./Shell.module.css";

export function UserMenu({ session, onShortcuts }: { session: Session; onShortcuts: () => void }) {
  const signOut = useSignOutAndLeave();
  const { name, email } = session.user;
  const avatar = (
    <span className={styles.avatar} aria-hidden="true">
      {(name || email).slice(0, 1).toUpperCase()}
    </span>
  );
  return (
    <Menu align="end" trigger={<IconButton label={text.shell.account} icon={avatar} />}>
      <div className={styles.person}>
        {name && <p className={styles.personName}>{name}</p>}
        <p className={styles.personEmail}>{email}</p>
      </div>
      <MenuSeparator />
      <MenuItem icon={<Keyboard />} shortcut="?" onSelect={onShortcuts}>
        {text.shell.shortcuts}
      </MenuItem>
      <MenuItem icon={<BookOpen />} onSelect={openApiDocs}>
        {text.shell.apiDocs}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<LogOut />} onSelect={signOut}>
        {text.shell.signOut}
      </MenuItem>
    </Menu>
  );
}

export function openApiDocs() {
  window.open("/docs", "_blank", "noopener");
}

export function useSignOutAndLeave(): () => void {
  const { mutate } = useSignOut();
  const navigate = useNavigate();
  return () => mutate(undefined, { onSuccess: () => void navigate({ to: "/sign-in", search: {} }) });
}
