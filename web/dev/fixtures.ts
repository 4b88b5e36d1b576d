type Json = Record<string, unknown>;

const DAY_MS = 86_400_000;
const PATHS = ["/", "/pricing", "/docs/quick-start", "/blog/why-events", "/sign-up"];
const NAMES = ["$pageview", "signed_up", "cart_added", "order_paid", "search_used"];

export const CATALOGUE = {
  events: NAMES.map((event, index) => ({ event, count: 90_000 >> index, users: 9_000 >> index, last_seen: new Date().toISOString() })),
  properties: [
    { name: "$browser", type: "event", types: ["String"], column: true },
    { name: "$pathname", type: "event", types: ["String"], column: true },
    { name: "plan", type: "event", types: ["String"], column: false },
    { name: "amount", type: "event", types: ["Float64"], column: false },
    { name: "role", type: "person", types: ["String"], column: false },
  ],
  values: ["Chrome", "Firefox", "Safari", "Edge"].map((value, index) => ({ value, count: 4_000 >> index })),
};

export function liveEvents(limit: number): Json[] {
  return Array.from({ length: Math.min(limit, 50) }, (_, index) => {
    const time = new Date(Date.now() - index * 3_700).toISOString();
    const path = PATHS[index % PATHS.length];
    return {
      uuid: `018f0000-0000-7000-8000-${String(1e11 + Math.floor(Date.now() / 1000) - index)}`,
      event: NAMES[index % NAMES.length],
      timestamp: time,
      received_at: time,
      distinct_id: `visitor-${(index * 7) % 23}`,
      person: (index * 7) % 23,
      session_id: `s-${index % 9}`,
      url: `https://harbour.example${path}`,
      path,
      browser: "Chrome",
      os: "Windows",
      device: index % 3 ? "desktop" : "mobile",
      country: ["DE", "FR", "US"][index % 3],
      lib: "web",
      properties: { plan: "team", amount: index * 3.5 },
    };
  });
}

export function answerQuery(body: Json): Json {
  const days = Number(/^-(\d+)d$/.exec(String(body.date_from))?.[1] ?? 30);
  const labels = Array.from({ length: days }, (_, index) => `${new Date(Date.now() - (days - 1 - index) * DAY_MS).toISOString().slice(0, 10)}T00:00:00+01:00`);
  return {
    kind: body.kind,
    result: resultOf(body, labels),
    timezone: "Europe/Berlin",
    date_from: labels[0],
    date_to: new Date().toISOString(),
    definition: "Events of the chosen kind, per day.",
    elapsed_ms: 21.4,
    rows_read: 412_904,
    cached: false,
    warnings: [],
    sql: body.explain ? "SELECT count() FROM events WHERE project_id = 1" : undefined,
  };
}

function resultOf(body: Json, labels: string[]): unknown {
  if (body.kind === "top_events") return CATALOGUE.events.map(({ event, count, users }) => ({ event, count, users }));
  if (body.kind === "active_users") return { value: 812, dau: 812, wau: 3_204, mau: 9_410, engagement_score: 0.086, labels, series: [{ name: "Active users", data: wave(labels.length, 700) }] };
  if (body.kind === "sql") return { columns: [{ name: "count", type: "UInt64" }], rows: [[412_904]] };
  const wanted = (body.series as Json[] | undefined) ?? [{}];
  const split = body.breakdown ? ["Chrome", "Firefox", "Safari"] : [null];
  const series = wanted.flatMap((one, index) => split.map((value, place) => trend(String(one.name ?? one.event ?? "Any event"), value, wave(labels.length, 900 / (1 + index + place)), body.compare === true)));
  return { labels, series, incomplete_from: labels.length - 1, ...(body.compare ? { previous_labels: labels } : {}) };
}

function trend(name: string, value: string | null, data: number[], compare: boolean): Json {
  const total = data.reduce((sum, count) => sum + count, 0);
  const previous = data.map((count) => Math.round(count * 0.9));
  return { name, data, total, ...(value ? { breakdown: [value] } : {}), ...(compare ? { previous, previous_total: Math.round(total * 0.9) } : {}) };
}

function wave(length: number, height: number): number[] {
  return Array.from({ length }, (_, index) => Math.round(height * (1 + 0.25 * Math.sin(index / 1.1) + index / 90)));
}
