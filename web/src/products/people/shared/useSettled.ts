import { useEffect, useState } from "react";

/** The value once it has stayed the same for so long: what somebody types settles after the last key. */
export function useSettled<T extends string | number | null>(value: T, pauseMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    if (settled === value) return;
    const timer = setTimeout(() => setSettled(value), pauseMs);
    return () => clearTimeout(timer);
  }, [settled, value, pauseMs]);
  return settled;
}
