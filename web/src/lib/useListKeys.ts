import { useRef } from "react";

import { useShortcut } from "@/design/shortcuts";

const GROUP = "This page";

/**
 * j and k walk through a list by moving the focus from row to row; Enter then opens what has it. The main link or button of
 * a row is the first thing in it with `data-row`.
 */
export function useListKeys<Element extends HTMLElement = HTMLDivElement>() {
  const list = useRef<Element>(null);
  const move = (step: 1 | -1) => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const present = rows.findIndex((row) => row === document.activeElement);
    const next = rows[present < 0 ? (step > 0 ? 0 : rows.length - 1) : present + step];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  useShortcut({ keys: "j", label: "Next row", group: GROUP, run: () => move(1) });
  useShortcut({ keys: "k", label: "Previous row", group: GROUP, run: () => move(-1) });
  return list;
}
