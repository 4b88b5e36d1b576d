/** A stand-in for the management API while one works on the UI: `npm run dev:mock`. State lives as long as the process. */
import type { IncomingMessage, ServerResponse } from "node:http";

import type { Plugin } from "vite";

import { answerQuery, CATALOGUE, liveEvents } from "./fixtures.ts";
import { newWorld, type World } from "./world.ts";

type Answer = { status: number; body?: unknown };
type Handler = (request: { world: World; body: Record<string, unknown>; params: string[]; search: URLSearchParams }) => Answer;

const ok = (body: unknown): Answer => ({ status: 200, body });
const list = (items: unknown[]): Answer => ok({ items, next_cursor: null });
const problem = (status: number, code: string, detail: string): Answer => ({ status, body: { type: "about:blank", title: "Refused", status, code, detail } });

const ROUTES: readonly [method: string, pattern: RegExp, handler: Handler][] = [
  ["GET", /^\/instance$/, ({ world }) => ok(world.instance)],
  ["POST", /^\/setup$/, ({ world, body }) => ({ status: 201, body: world.setUp(body) })],
  ["GET", /^\/session$/, ({ world }) => (world.instance.signed_in ? ok(world.session()) : problem(401, "not_signed_in", "Sign in first."))],
  ["POST", /^\/session$/, ({ world, body }) => (world.signIn(body) ? ok(world.session()) : problem(401, "bad_credentials", "E-mail address or password is wrong."))],
  ["DELETE", /^\/session$/, ({ world }) => (world.signOut(), { status: 204 })],
  ["POST", /^\/projects$/, ({ world, body }) => ({ status: 201, body: world.addProject(String(body.name), String(body.timezone)) })],
  ["PATCH", /^\/projects\/(\d+)$/, ({ world, params, body }) => ok(Object.assign(world.project(params[0]), body))],
  ["DELETE", /^\/projects\/(\d+)$/, ({ world, params }) => (world.removeProject(params[0]), { status: 204 })],
  ["POST", /^\/projects\/(\d+)\/token$/, ({ world, params }) => ok(world.rotate(params[0]))],
  ["GET", /^\/projects\/\d+\/keys$/, ({ world }) => list(world.keys)],
  ["POST", /^\/projects\/\d+\/keys$/, ({ world, body }) => ({ status: 201, body: world.addKey(body) })],
  ["DELETE", /^\/projects\/\d+\/keys\/(\d+)$/, ({ world, params }) => (world.removeKey(params[0]), { status: 204 })],
  ["GET", /^\/projects\/\d+\/members$/, ({ world }) => list(world.members)],
  ["POST", /^\/projects\/\d+\/members$/, ({ world, body }) => ({ status: 201, body: world.addMember(body) })],
  ["PATCH", /^\/projects\/\d+\/members\/(\d+)$/, ({ world, params, body }) => ok(world.changeRole(params[0], String(body.role)))],
  ["DELETE", /^\/projects\/\d+\/members\/(\d+)$/, ({ world, params }) => (world.removeMember(params[0]), { status: 204 })],
  ["GET", /^\/projects\/\d+\/ingest\/ledger$/, () => ok({ received: 412_904, stored: 409_771, deduplicated: 2_218, dropped: { timestamp_too_old: 640, missing_distinct_id: 231, event_too_large: 12 }, pending: 32, lag_seconds: 0.8 })],
  ["GET", /^\/projects\/(\d+)\/events$/, ({ world, params, search }) => list(world.hasEvents(params[0]) ? liveEvents(Number(search.get("limit") ?? 50)) : [])],
  ["GET", /^\/projects\/\d+\/catalogue\/events$/, () => list(CATALOGUE.events)],
  ["GET", /^\/projects\/\d+\/catalogue\/properties$/, () => list(CATALOGUE.properties)],
  ["GET", /^\/projects\/\d+\/catalogue\/values$/, () => list(CATALOGUE.values)],
  ["POST", /^\/projects\/\d+\/query$/, ({ body }) => ok(answerQuery(body))],
];

export function mockServer(): Plugin {
  const world = newWorld(process.env.MOCK_SETUP === "1");
  return {
    name: "northing-mock",
    configureServer(server) {
      server.middlewares.use("/api/v1", (request, response) => void answer(world, request, response));
    },
  };
}

async function answer(world: World, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? "/", "http://mock");
  const body = await readJson(request);
  for (const [method, pattern, handler] of ROUTES) {
    const match = request.method === method ? pattern.exec(url.pathname) : null;
    if (match) return send(response, handler({ world, body, params: match.slice(1), search: url.searchParams }));
  }
  send(response, problem(404, "not_found", `The mock has no ${request.method} ${url.pathname}.`));
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}

function send(response: ServerResponse, { status, body }: Answer) {
  response.statusCode = status;
  response.setHeader("Content-Type", status >= 400 ? "application/problem+json" : "application/json");
  response.setHeader("X-Request-Id", "mock-0001");
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
