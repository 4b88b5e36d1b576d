import { useEffect, useRef, useSyncExternalStore } from "react";

export interface Shortcut {
  /** "mod+k", "g h", "?", "c". */
  keys: string;
  /** What it does, as the sheet shows it. */
  label: string;
  /** Heading on the sheet: "Go to", "This page". */
  group: string;
  run: () => void;
}

const SEQUENCE_MS = 1200;
const listeners = new Set<() => void>();
let active: readonly Shortcut[] = [];
let pending = "";
let pendingTimer: ReturnType<typeof setTimeout> | undefined;

/** Holds while the component is mounted; the newest wins when two want the same keys. */
export function useShortcut(shortcut: Shortcut) {
  const { keys, label, group } = shortcut;
  const latest = useRef(shortcut.run);
  useEffect(() => {
    latest.current = shortcut.run;
  });
  useEffect(() => {
    const entry: Shortcut = { keys, label, group, run: () => latest.current() };
    publish([...active, entry]);
    return () => publish(active.filter((one) => one !== entry));
  }, [keys, label, group]);
}

/** All shortcuts that hold now, for the sheet. */
export function useShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(subscribe, () => active);
}

function publish(next: readonly Shortcut[]) {
  active = next;
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Listens on the whole page; call once, at the root. */
export function listenForShortcuts(): () => void {
  document.addEventListener("keydown", handleKey);
  return () => document.removeEventListener("keydown", handleKey);
}

function handleKey(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  const key = keyOf(event);
  if (key === null || (isTyping(event.composedPath()[0] ?? event.target) && !key.startsWith("mod+"))) return;
  const wanted = pending ? `${pending} ${key}` : key;
  const match = active.findLast((one) => one.keys === wanted) ?? active.findLast((one) => one.keys === key);
  setPending(match ? "" : startsSequence(key) ? key : "");
  if (!match) return;
  event.preventDefault();
  match.run();
}

function keyOf(event: KeyboardEvent): string | null {
  if (event.altKey || event.key.length !== 1) return null;
  return event.metaKey || event.ctrlKey ? `mod+${event.key.toLowerCase()}` : event.key;
}

function startsSequence(key: string): boolean {
  return active.some((one) => one.keys.startsWith(`${key} `));
}

function setPending(key: string) {
  pending = key;
  clearTimeout(pendingTimer);
  if (key) pendingTimer = setTimeout(() => (pending = ""), SEQUENCE_MS);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const isSwitch = target instanceof HTMLInputElement && ["radio", "checkbox"].includes(target.type);
  return target.isContentEditable || (!isSwitch && ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName)) || target.closest("[role=dialog],[role=menu]") !== null;
}
