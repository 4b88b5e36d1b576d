import { text } from "@/text";

export const WAYS = ["html", "js", "python", "curl"] as const;
export type Way = (typeof WAYS)[number];

export interface Target {
  /** Where this server is reached: https://northing.example. */
  host: string;
  token: string;
}

export const WAY_NAMES: Record<Way, string> = {
  html: text.install.ways_html,
  js: text.install.ways_posthogJs,
  python: text.install.ways_python,
  curl: text.install.ways_curl,
};

/** Ready to paste: the host and the token are the real ones. */
export function snippet(way: Way, target: Target): string {
  return SNIPPETS[way](target);
}

const SNIPPETS: Record<Way, (target: Target) => string> = {
  html: ({ host, token }) => `<script>
  (function () {
    var id = localStorage.northing_id || Math.random().toString(36).slice(2);
    localStorage.northing_id = id;
    navigator.sendBeacon("${host}/e/", JSON.stringify({
      api_key: "${token}",
      event: "$pageview",
      distinct_id: id,
      properties: {
        $current_url: location.href, $host: location.host, $pathname: location.pathname,
        $referrer: document.referrer, $title: document.title,
      },
    }));
  })();
</script>`,
  js: ({ host, token }) => `// npm install posthog-js
import posthog from "posthog-js";

posthog.init("${token}", {
  api_host: "${host}",
});

posthog.capture("signed_up", { plan: "team" });`,
  python: ({ host, token }) => `# pip install posthog
from posthog import Posthog

posthog = Posthog("${token}", host="${host}")
posthog.capture(event="signed_up", distinct_id="user-1", properties={"plan": "team"})
posthog.shutdown()`,
  curl: ({ host, token }) => `curl ${host}/api/v1/events \\
  -H "Authorization: Bearer ${token}" \\
  -H "Content-Type: application/json" \\
  -d '{"event": "signed_up", "distinct_id": "user-1", "properties": {"plan": "team"}}'`,
};
