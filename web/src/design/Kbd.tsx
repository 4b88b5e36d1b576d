import styles from "./Kbd.module.css";

const onMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** Writes a shortcut as keys: "mod+k" or "g h". */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={styles.keys}>
      {keys.split(" ").map((key, place) => (
        <kbd key={`${place}${key}`} className={styles.kbd}>
          {keyName(key)}
        </kbd>
      ))}
    </span>
  );
}

function keyName(key: string): string {
  return key
    .split("+")
    .map((part) => (part === "mod" ? (onMac ? "⌘" : "Ctrl") : part.length === 1 ? part.toUpperCase() : part))
    .join(onMac ? "" : " ");
}
