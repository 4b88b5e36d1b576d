import { X } from "lucide-react";
import { Dialog } from "radix-ui";

import { focusDialog, IconButton } from "@/design";
import { text } from "@/text";

import { Logo } from "../Logo";
import { Navigation } from "./Sidebar";
import styles from "./Sidebar.module.css";

interface SidebarDrawerProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The sidebar on a phone. */
export function SidebarDrawer({ open, onOpenChange }: SidebarDrawerProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles.scrim} />
        <Dialog.Content className={styles.drawer} onOpenAutoFocus={focusDialog} aria-describedby={undefined}>
          <div className={styles.drawerHead}>
            <Dialog.Title asChild>
              <span>
                <Logo />
              </span>
            </Dialog.Title>
            <Dialog.Close asChild>
              <IconButton label={text.common.close} icon={<X size={16} />} />
            </Dialog.Close>
          </div>
          <Navigation onNavigate={() => onOpenChange(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
