import { Dialog, Kbd, useShortcuts, type Shortcut } from "@/design";
import { text } from "@/text";

import styles from "./ShortcutSheet.module.css";

interface ShortcutSheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function ShortcutSheet({ open, onOpenChange }: ShortcutSheetProps) {
  const shortcuts = useShortcuts();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={text.shell.shortcuts}>
      {byGroup(shortcuts).map(([group, members]) => (
        <section key={group}>
          <h3 className={styles.heading}>{group}</h3>
          <dl className={styles.list}>
            {members.map(({ keys, label }) => (
              <div key={keys} className={styles.line}>
                <dt>{label}</dt>
                <dd>
                  <Kbd keys={keys} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}

function byGroup(shortcuts: readonly Shortcut[]): [string, Shortcut[]][] {
  const groups = new Map<string, Shortcut[]>();
  for (const shortcut of shortcuts) groups.set(shortcut.group, [...(groups.get(shortcut.group) ?? []), shortcut]);
  return [...groups];
}
