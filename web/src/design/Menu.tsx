import { cloneElement, lazy, Suspense, useState, type ReactNode } from "react";

import type { MenuChoiceProps, MenuProps } from "./MenuParts";

const load = () => import("./MenuParts");
const Root = lazy(async () => ({ default: (await load()).MenuRoot }));
const Choice = lazy(async () => ({ default: (await load()).MenuChoice<string> }));

export const MenuItem = lazy(async () => ({ default: (await load()).MenuItem }));
export const MenuHeading = lazy(async () => ({ default: (await load()).MenuHeading }));
export const MenuSeparator = lazy(async () => ({ default: (await load()).MenuSeparator }));

/** One of several inside a menu; the tick shows which. */
export function MenuChoice<T extends string>({ onChange, ...rest }: MenuChoiceProps<T>): ReactNode {
  return <Choice {...rest} onChange={(value) => onChange(value as T)} />;
}

const OPENING_KEYS = ["Enter", " ", "ArrowDown"];

/** A menu under its trigger. Its code comes when somebody reaches for it: by pointer, or by a key that opens it. */
export function Menu(props: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const [open, setOpen] = useState(false);
  const openNow = () => {
    setWanted(true);
    setOpen(true);
  };
  const trigger = cloneElement(props.trigger, {
    "aria-haspopup": "menu",
    // Only fetched: a trigger that is exchanged between the press and the click takes the focus with it, which closes the menu.
    onPointerEnter: () => void load(),
    onKeyDown: (event) => {
      if (!OPENING_KEYS.includes(event.key)) return;
      event.preventDefault();
      openNow();
    },
    onClick: openNow,
  });
  if (!wanted) return trigger;
  return (
    <Suspense fallback={trigger}>
      <Root {...props} open={open} onOpenChange={setOpen} />
    </Suspense>
  );
}
