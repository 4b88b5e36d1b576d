/** Names people know for the properties every client sends. Everything else is shown as it was sent. */
export { eventName } from "@/lib/eventNames";

const NAMES: Readonly<Record<string, string>> = {
  $pathname: "Page",
  $current_url: "URL",
  $host: "Host",
  $title: "Page title",
  $referrer: "Referrer URL",
  $referring_domain: "Referrer",
  $browser: "Browser",
  $browser_version: "Browser version",
  $os: "Operating system",
  $os_version: "OS version",
  $device_type: "Device",
  $lib: "Library",
  $session_id: "Session",
  $geoip_country_code: "Country",
  $geoip_subdivision_1_name: "Region",
  $geoip_city_name: "City",
  $ip: "IP address",
  utm_source: "UTM source",
  utm_medium: "UTM medium",
  utm_campaign: "UTM campaign",
  utm_term: "UTM term",
  utm_content: "UTM content",
  channel: "Channel",
  event: "Event",
  distinct_id: "Distinct id",
};

/** Columns of the event table answer to two names; reports use one, so that a filter set in two places is one filter. */
const COLUMN_NAMES: Readonly<Record<string, string>> = {
  path: "$pathname",
  url: "$current_url",
  host: "$host",
  title: "$title",
  referrer: "$referrer",
  referrer_host: "$referring_domain",
  browser: "$browser",
  browser_version: "$browser_version",
  os: "$os",
  os_version: "$os_version",
  device: "$device_type",
  lib: "$lib",
  session_id: "$session_id",
  country: "$geoip_country_code",
  region: "$geoip_subdivision_1_name",
  city: "$geoip_city_name",
  ip: "$ip",
};

export function propertyName(property: string): string {
  const known = NAMES[COLUMN_NAMES[property] ?? property];
  return known ?? property;
}

/** Of sessions, in the order of a picker. */
const SESSION_NAMES: Readonly<Record<string, string>> = {
  duration: "duration in seconds",
  is_bounce: "bounce",
  events: "number of events",
  pageviews: "number of page views",
  entry_path: "entry page",
  exit_path: "exit page",
  channel: "channel",
  referrer_host: "referrer",
  utm_source: "UTM source",
  utm_medium: "UTM medium",
  utm_campaign: "UTM campaign",
  country: "country",
  device: "device",
  browser: "browser",
  os: "operating system",
};

export const SESSION_PROPERTIES = Object.keys(SESSION_NAMES);
export const SESSION_NUMBERS: ReadonlySet<string> = new Set(["duration", "events", "pageviews"]);

export function sessionPropertyName(property: string): string {
  return SESSION_NAMES[property] ?? property;
}

const regions = typeof Intl.DisplayNames === "function" ? new Intl.DisplayNames(["en-GB"], { type: "region" }) : null;

/** How a value of a property reads; what was never sent is not an empty string to a reader. */
export function valueName(property: string, value: string): string {
  const canonical = COLUMN_NAMES[property] ?? property;
  if (value === "" || value === "null") return canonical === "$referring_domain" ? "Direct or none" : "Not set";
  if (canonical === "$referring_domain" && value === "$direct") return "Direct or none";
  if (canonical === "$geoip_country_code" && /^[A-Z]{2}$/.test(value)) return regions?.of(value) ?? value;
  if (canonical === "$device_type") return value.charAt(0).toUpperCase() + value.slice(1);
  return value;
}
