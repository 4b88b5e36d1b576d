import { cloneElement, lazy, Suspense, useState } from "react";

import type { PopoverProps } from "./PopoverParts";

const load = () => import("./PopoverParts");
const Root = lazy(async () => ({ default: (await load()).PopoverRoot }));

interface OpenablePopoverProps extends PopoverProps {
  /** For those who open it otherwise than by its trigger, or close it. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A panel beside its trigger. Its code comes when somebody reaches for it. */
export function Popover({ open: chosen, onOpenChange, ...props }: OpenablePopoverProps) {
  const [own, setOwn] = useState(false);
  const open = chosen ?? own;
  const [wanted, setWanted] = useState(open);
  if (open && !wanted) setWanted(true);
  const change = (next: boolean) => {
    setOwn(next);
    onOpenChange?.(next);
  };
  const { props: given } = props.trigger;
  const trigger = cloneElement(props.trigger, {
    "aria-haspopup": "dialog",
    "aria-expanded": open,
    // Only fetched: a trigger that is exchanged between the press and the click takes the focus with it.
    onPointerEnter: (event) => {
      given.onPointerEnter?.(event);
      void load();
    },
    onFocus: (event) => {
      given.onFocus?.(event);
      void load();
    },
    onClick: (event) => {
      given.onClick?.(event);
      change(true);
    },
  });
  if (!wanted) return trigger;
  return (
    <Suspense fallback={trigger}>
      <Root {...props} open={open} onOpenChange={change} />
    </Suspense>
  );
}
