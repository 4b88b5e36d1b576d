import type { ComboboxOption } from "@/design";

/** The zone of this device, as the server knows it; UTC where the browser will not say. */
export function detectedTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

let options: readonly ComboboxOption[] | undefined;

/** All IANA zones with what their clocks are ahead of UTC now. */
export function timeZoneOptions(): readonly ComboboxOption[] {
  options ??= zoneNames().map((value) => ({ value, label: value.replaceAll("_", " "), detail: offsetOf(value) }));
  return options;
}

function zoneNames(): string[] {
  const names = new Set(["UTC", detectedTimeZone(), ...Intl.supportedValuesOf("timeZone")]);
  return [...names];
}

function offsetOf(timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, timeZoneName: "shortOffset" }).formatToParts(new Date());
  return (parts.find((part) => part.type === "timeZoneName")?.value ?? "").replace("GMT", "UTC");
}
