import type { Session } from "@/api";

import { NewProjectDialog } from "./NewProjectDialog";
import { Palette } from "./Palette";
import { ShortcutSheet } from "./ShortcutSheet";
import { SidebarDrawer } from "./SidebarDrawer";

export type Overlay = "palette" | "shortcuts" | "new-project" | "drawer";

interface OverlaysProps {
  session: Session;
  open: Overlay | null;
  onOpen: (overlay: Overlay | null) => void;
}

/** What lies over the page on request; its code comes after the page's own. */
export default function Overlays({ session, open, onOpen }: OverlaysProps) {
  const shows = (which: Overlay) => ({ open: open === which, onOpenChange: (next: boolean) => onOpen(next ? which : null) });
  return (
    <>
      <SidebarDrawer {...shows("drawer")} />
      <Palette {...shows("palette")} session={session} onNewProject={() => onOpen("new-project")} onShortcuts={() => onOpen("shortcuts")} />
      <ShortcutSheet {...shows("shortcuts")} />
      <NewProjectDialog {...shows("new-project")} />
    </>
  );
}
