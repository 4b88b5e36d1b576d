import { useState } from "react";

import { PAGE_GROUPS, type PageGroup } from "../pages";

const KEY = "northing.sidebar.groups";

type Choices = Partial<Record<PageGroup, boolean>>;

/**
 * Which groups of the sidebar show their pages; remembered on this device. Whoever comes to a page of a closed group
 * finds it open. Where there is little room, no other is open before somebody opens it.
 */
export function useOpenGroups(current: PageGroup | undefined, isNarrow: boolean): [isOpen: (group: PageGroup) => boolean, toggle: (group: PageGroup) => void] {
  const [choices, setChoices] = useState(read);
  const [seen, setSeen] = useState<PageGroup>();
  if (seen !== current) {
    setSeen(current);
    if (current) setChoices({ ...choices, [current]: true });
  }
  const isOpen = (group: PageGroup) => choices[group] ?? (!isNarrow && startsOpen(group));
  const toggle = (group: PageGroup) => {
    const next = { ...choices, [group]: !isOpen(group) };
    setChoices(next);
    write(next);
  };
  return [isOpen, toggle];
}

function startsOpen(group: PageGroup): boolean {
  return PAGE_GROUPS.some((one) => one.group === group && one.startsOpen);
}

function read(): Choices {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const known = PAGE_GROUPS.map(({ group }) => [group, (found as Choices | null)?.[group]] as const);
    return Object.fromEntries(known.filter(([, open]) => typeof open === "boolean")) as Choices;
  } catch {
    return {};
  }
}

function write(choices: Choices) {
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // storage may be blocked; the choice lasts as long as the page
  }
}
