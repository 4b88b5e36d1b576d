type Json = Record<string, unknown>;

const NOW = () => new Date().toISOString();
const TOKEN = "3f1c0a9d2b7e4c58a6d1e0f94b8c7a25";

function newProject(id: number, name: string, timezone: string) {
  const token = id === 1 ? TOKEN : crypto.randomUUID().replaceAll("-", "");
  return { id, name, token, website_id: asUuid(token), timezone, week_start: "monday", retention_days: 730 as number | null, keep_ip: "truncate", created_at: "2026-08-01T09:00:00Z", role: "owner" };
}

const asUuid = (token: string) => token.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

export type World = ReturnType<typeof newWorld>;

export function newWorld(needsSetUp: boolean) {
  const user = { id: 1, email: "alice@example.com", name: "Alice Ng", created_at: "2026-08-01T09:00:00Z" };
  const bob = { id: 2, email: "bob@example.com", name: "Bob Ortiz", created_at: "2026-09-12T09:00:00Z" };
  const carol = { id: 3, email: "carol.with.a.very.long.address@subsidiary.example.com", name: "", created_at: "2026-10-02T09:00:00Z" };
  const demo_sign_in = { email: "demo@northing.example", password: "simulated-company" };
  const projects = needsSetUp ? [] : [newProject(1, "Harbour Market", "Europe/Berlin"), newProject(2, "Field notes", "UTC")];
  const byId = (id: string | undefined) => projects.find((project) => project.id === Number(id)) ?? projects[0]!;
  const world = {
    instance: { name: "Northing", version: "0.1.0", needs_setup: needsSetUp, demo: !needsSetUp, signed_in: false, demo_sign_in: needsSetUp ? null : demo_sign_in },
    keys: [
      { id: 1, name: "Nightly export", last_four: "c81f", scopes: ["query:read", "events:read"], created_at: "2026-09-01T08:00:00Z", expires_at: null, last_used_at: new Date(Date.now() - 5e6).toISOString() },
      { id: 2, name: "CI", last_four: "0b7d", scopes: ["*"], created_at: "2026-10-11T08:00:00Z", expires_at: "2027-10-11T08:00:00Z", last_used_at: null },
    ] as Json[],
    members: [
      { user, role: "owner" },
      { user: bob, role: "analyst" },
      { user: carol, role: "viewer" },
    ] as { user: { id: number; email: string; name: string; created_at: string }; role: string }[],
    started: Date.now(),
    session: () => ({ user, csrf_token: "mock-csrf", projects }),
    project: byId,
    /** Project 1 has events; any other gets its first ten seconds after start. */
    hasEvents: (id: string | undefined) => id === "1" || Date.now() - world.started > 10_000,
    setUp(body: Json) {
      projects.push(newProject(1, String(body.project_name), String(body.timezone)));
      user.email = String(body.email);
      Object.assign(world.instance, { needs_setup: false, signed_in: true });
      return { user, project: projects[0], csrf_token: "mock-csrf" };
    },
    signIn: (body: Json) => (world.instance.signed_in = body.password !== "wrong"),
    signOut: () => void (world.instance.signed_in = false),
    addProject(name: string, timezone: string) {
      const project = newProject(projects.length + 1, name, timezone);
      projects.push(project);
      world.started = Date.now();
      return project;
    },
    removeProject: (id: string | undefined) => void projects.splice(projects.indexOf(byId(id)), 1),
    rotate(id: string | undefined) {
      const token = crypto.randomUUID().replaceAll("-", "");
      return Object.assign(byId(id), { token, website_id: asUuid(token) });
    },
    addKey(body: Json) {
      const key = { id: Date.now(), last_four: "9a2e", created_at: NOW(), expires_at: null, last_used_at: null, ...body };
      world.keys.push(key);
      return { ...key, secret: `nsk_${crypto.randomUUID().replaceAll("-", "")}9a2e` };
    },
    removeKey: (id: string | undefined) => void (world.keys = world.keys.filter((key) => String(key.id) !== id)),
    addMember(body: Json) {
      const member = { user: { id: Date.now(), email: String(body.email), name: String(body.name ?? ""), created_at: NOW() }, role: String(body.role) };
      world.members.push(member);
      return member;
    },
    changeRole: (id: string | undefined, role: string) => Object.assign(world.members.find((member) => String(member.user.id) === id) ?? {}, { role }),
    removeMember: (id: string | undefined) => void (world.members = world.members.filter((member) => String(member.user.id) !== id)),
  };
  return world;
}
