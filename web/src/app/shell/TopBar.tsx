import { Menu as MenuIcon, Search } from "lucide-react";

import { useInstance, type Session } from "@/api";
import { Badge, Button, IconButton, Kbd } from "@/design";
import { text } from "@/text";

import type { Overlay } from "./Overlays";
import { ProjectSwitcher } from "./ProjectSwitcher";
import styles from "./Shell.module.css";
import { ThemeMenu } from "./ThemeMenu";
import { UserMenu } from "./UserMenu";

interface TopBarProps {
  session: Session;
  onOpen: (overlay: Overlay) => void;
}

export function TopBar({ session, onOpen }: TopBarProps) {
  const { data: instance } = useInstance();
  return (
    <header className={styles.topbar}>
      <IconButton className={styles.menuButton} label={text.nav.open} icon={<MenuIcon size={18} />} onClick={() => onOpen("drawer")} />
      <ProjectSwitcher session={session} onNew={() => onOpen("new-project")} />
      {instance?.demo && (
        <span className={styles.wide}>
          <Badge>{text.shell.demo}</Badge>
        </span>
      )}
      <span className={styles.space} />
      <span className={styles.wide}>
        <Button className={styles.search} icon={<Search />} iconAfter={<Kbd keys="mod+k" />} onClick={() => onOpen("palette")}>
          {text.shell.search}
        </Button>
      </span>
      <span className={styles.narrow}>
        <IconButton label={text.shell.search} icon={<Search size={16} />} onClick={() => onOpen("palette")} />
      </span>
      <ThemeMenu />
      <UserMenu session={session} onShortcuts={() => onOpen("shortcuts")} />
    </header>
  );
}
