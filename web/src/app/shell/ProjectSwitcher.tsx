import { useNavigate, useRouterState } from "@tanstack/react-router";
import { ChevronsUpDown, Plus } from "lucide-react";

import type { Session } from "@/api";
import { Button, Menu, MenuChoice, MenuItem, MenuSeparator } from "@/design";
import { text } from "@/text";

import { pageAt } from "../pages";
import { useProject } from "../project";
import styles from "./Shell.module.css";

export function ProjectSwitcher({ session, onNew }: { session: Session; onNew: () => void }) {
  const project = useProject();
  const switchTo = useSwitchProject();
  const options = session.projects.map(({ id, name }) => ({ value: String(id), label: name }));
  return (
    <Menu
      trigger={
        <Button variant="ghost" className={styles.project} iconAfter={<ChevronsUpDown aria-hidden="true" />}>
          <span className="visually-hidden">{text.shell.switchProject}: </span>
          {project.name}
        </Button>
      }
    >
      <MenuChoice label={text.shell.projects} value={String(project.id)} options={options} onChange={(id) => switchTo(Number(id))} />
      <MenuSeparator />
      <MenuItem icon={<Plus />} onSelect={onNew}>
        {text.shell.newProject}
      </MenuItem>
    </Menu>
  );
}

/** Stays on the page; filters of the other project make no sense, so they go, as do its people, cohorts and groups: their numbers mean others. */
export function useSwitchProject(): (id: number) => void {
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (id) => void navigate({ to: pageAt(path)?.path ?? ".", search: { project: id } });
}
