import { useEffect, useState, type RefObject } from "react";

/** How wide a node is on the screen, in whole pixels; 0 before it is there. */
export function useWidth(node: RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = node.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [node]);
  return width;
}
