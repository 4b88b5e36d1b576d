import { CircleAlert, CircleCheck, X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { useSyncExternalStore } from "react";

import { text } from "@/text";

import { IconButton } from "./Button";
import styles from "./Toast.module.css";

interface ToastMessage {
  id: number;
  tone: "good" | "bad";
  message: string;
}

const listeners = new Set<() => void>();
let messages: readonly ToastMessage[] = [];
let nextId = 1;

/** Says that something is done, or is not; for failures of a form prefer words beside the field. */
export function toast(message: string, tone: ToastMessage["tone"] = "good") {
  publish([...messages.slice(-2), { id: nextId, tone, message }]);
  nextId += 1;
}

function publish(next: readonly ToastMessage[]) {
  messages = next;
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function Toaster() {
  const shown = useSyncExternalStore(subscribe, () => messages);
  return (
    <Radix.Provider duration={5000} label={text.common.notification}>
      {shown.map((one) => (
        <Radix.Root key={one.id} className={styles.toast} type={one.tone === "bad" ? "foreground" : "background"} onOpenChange={(open) => !open && publish(messages.filter((other) => other.id !== one.id))}>
          {one.tone === "good" ? <CircleCheck className={styles.good} size={16} aria-hidden="true" /> : <CircleAlert className={styles.bad} size={16} aria-hidden="true" />}
          <Radix.Description className={styles.words}>{one.message}</Radix.Description>
          <Radix.Close asChild>
            <IconButton label={text.common.close} icon={<X size={14} />} />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport className={styles.viewport} />
    </Radix.Provider>
  );
}
