import { useNavigate } from "@tanstack/react-router";

import { useShortcut } from "@/design";
import { text } from "@/text";

import { PAGES, type PageEntry } from "../pages";

interface GoToShortcutsProps {
  onPalette: () => void;
  onSheet: () => void;
  onCollapse: () => void;
}

/** Draws nothing: the keys that work on every page. */
export function GoToShortcuts({ onPalette, onSheet, onCollapse }: GoToShortcutsProps) {
  useShortcut({ keys: "mod+k", label: text.shell.palette, group: text.shell.shortcutsAnywhere, run: onPalette });
  useShortcut({ keys: "?", label: text.shell.shortcuts, group: text.shell.shortcutsAnywhere, run: onSheet });
  useShortcut({ keys: "[", label: text.shell.toggleSidebar, group: text.shell.shortcutsAnywhere, run: onCollapse });
  return PAGES.map((page) => <GoTo key={page.path} page={page} />);
}

function GoTo({ page }: { page: PageEntry }) {
  const navigate = useNavigate();
  useShortcut({ keys: `g ${page.letter}`, label: page.label, group: text.shell.shortcutsGoTo, run: () => void navigate({ to: page.path }) });
  return null;
}
