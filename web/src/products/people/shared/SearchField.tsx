import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { Input } from "@/design";

import styles from "./People.module.css";

interface SearchFieldProps {
  readonly label: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly onChange: (search: string) => void;
}

const TYPING_PAUSE_MS = 250;

/** Narrows a list while somebody types, a quarter of a second after the last key. */
export function SearchField({ label, placeholder, value, onChange }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    // The address changed by itself: somebody went back, or cleared the search.
    setKnown(value);
    if (typed.trim() !== value) setTyped(value);
  }
  const send = useRef(onChange);
  useEffect(() => {
    send.current = onChange;
  });
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => send.current(typed.trim()), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, value]);
  return (
    <span className={styles.search}>
      <Search size={14} aria-hidden="true" />
      <Input type="search" aria-label={label} placeholder={placeholder ?? label} value={typed} onChange={(event) => setTyped(event.target.value)} />
    </span>
  );
}
