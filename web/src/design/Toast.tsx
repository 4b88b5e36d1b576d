import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";

import { text } from "@/text";

import { IconButton } from "./Button";
import styles from "./Toast.module.css";

interface ToastMessage {
  id: number;
  tone: "good" | "bad";
  message: string;
}

const SHOWN_MS = 5_000;
const MOST_AT_ONCE = 3;
const listeners = new Set<() => void>();
let messages: readonly ToastMessage[] = [];
let nextId = 1;

/** Says that something is done, or is not; for failures of a form prefer words beside the field. */
export function toast(message: string, tone: ToastMessage["tone"] = "good") {
  publish([...messages, { id: nextId, tone, message }].slice(-MOST_AT_ONCE));
  nextId += 1;
}

function dismiss(id: number) {
  publish(messages.filter((one) => one.id !== id));
}

function publish(next: readonly ToastMessage[]) {
  messages = next;
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Once per page. The region is always there, so that screen readers hear what appears in it. */
export function Toaster() {
  const shown = useSyncExternalStore(subscribe, () => messages);
  return (
    <div className={styles.viewport} role="status" aria-label={text.common.notification}>
      {shown.map((one) => (
        <ToastCard key={one.id} {...one} />
      ))}
    </div>
  );
}

function ToastCard({ id, tone, message }: ToastMessage) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, held]);
  const Icon = tone === "good" ? CircleCheck : CircleAlert;
  return (
    <div className={styles.toast} onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <Icon className={styles[tone]} size={16} aria-hidden="true" />
      <p className={styles.words}>{message}</p>
      <IconButton label={text.common.close} icon={<X size={14} />} onClick={() => dismiss(id)} />
    </div>
  );
}
