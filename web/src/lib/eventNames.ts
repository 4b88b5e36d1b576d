/** Names people know for the events that every client sends; others are shown as they were sent. */
const EVENT_NAMES: Readonly<Record<string, string>> = {
  $pageview: "Page view",
  $pageleave: "Page leave",
  $identify: "Identify",
  $create_alias: "Alias",
  $groupidentify: "Identify group",
  $autocapture: "Autocaptured click",
  $screen: "Screen view",
  $set: "Set person properties",
};

/** `null` is any event. */
export function eventName(event: string | null): string {
  if (event === null) return "Any event";
  return EVENT_NAMES[event] ?? event;
}
