import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { BookOpen, FolderOpen, Keyboard, LogOut, Monitor, Moon, Plus, Search, Sun } from "lucide-react";
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";

import type { Session } from "@/api";
import { Kbd } from "@/design";
import { text } from "@/text";

import { PAGES } from "../pages";
import { setThemeChoice } from "../theme";
import styles from "./Palette.module.css";
import { useSwitchProject } from "./ProjectSwitcher";
import { openApiDocs, useSignOutAndLeave } from "./UserMenu";

interface PaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  session: Session;
  onNewProject: () => void;
  onShortcuts: () => void;
}

interface Entry {
  label: string;
  icon: ReactNode;
  keys?: string;
  run: () => void;
}

/** Everything that can be reached or done, by typing a part of its name. */
export function Palette({ open, onOpenChange, ...rest }: PaletteProps) {
  const groups = useEntries(rest);
  const choose = (entry: Entry) => {
    onOpenChange(false);
    entry.run();
  };
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles.scrim} />
        <Dialog.Content className={styles.palette} aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">{text.shell.palette}</Dialog.Title>
          <Command label={text.shell.palette} loop>
            <div className={styles.search}>
              <Search size={16} aria-hidden="true" />
              <Command.Input className={styles.input} placeholder={text.shell.palettePlaceholder} />
            </div>
            <Command.List className={styles.list}>
              <Command.Empty className={styles.empty}>{text.common.noMatches}</Command.Empty>
              {groups.map(([heading, entries]) => (
                <Command.Group key={heading} heading={heading} className={styles.group}>
                  {entries.map((entry) => (
                    <Command.Item key={entry.label} value={`${heading} ${entry.label}`} className={styles.item} onSelect={() => choose(entry)}>
                      {entry.icon}
                      <span className={styles.label}>{entry.label}</span>
                      {entry.keys && <Kbd keys={entry.keys} />}
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function useEntries({ session, onNewProject, onShortcuts }: Pick<PaletteProps, "session" | "onNewProject" | "onShortcuts">): [string, Entry[]][] {
  const navigate = useNavigate();
  const switchTo = useSwitchProject();
  const signOut = useSignOutAndLeave();
  const pages = PAGES.map(({ path, label, icon: Icon, letter }) => ({ label, icon: <Icon />, keys: `g ${letter}`, run: () => void navigate({ to: path }) }));
  const projects = session.projects.map(({ id, name }) => ({ label: name, icon: <FolderOpen />, run: () => switchTo(id) }));
  const actions: Entry[] = [
    { label: text.shell.newProject, icon: <Plus />, run: onNewProject },
    { label: text.shell.useTheme(text.shell.themeLight), icon: <Sun />, run: () => setThemeChoice("light") },
    { label: text.shell.useTheme(text.shell.themeDark), icon: <Moon />, run: () => setThemeChoice("dark") },
    { label: text.shell.useTheme(text.shell.themeSystem), icon: <Monitor />, run: () => setThemeChoice("system") },
    { label: text.shell.shortcuts, icon: <Keyboard />, keys: "?", run: onShortcuts },
    { label: text.shell.apiDocs, icon: <BookOpen />, run: openApiDocs },
    { label: text.shell.signOut, icon: <LogOut />, run: signOut },
  ];
  return [
    [text.shell.palettePages, pages],
    ...(projects.length > 1 ? [[text.shell.projects, projects] as [string, Entry[]]] : []),
    [text.shell.paletteActions, actions],
  ];
}
