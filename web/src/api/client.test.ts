import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { api, ApiError, setCsrfToken } from "./client";

const fetched = vi.fn<typeof fetch>();

beforeEach(() => {
  vi.stubGlobal("fetch", fetched);
  fetched.mockReset();
});
afterEach(() => setCsrfToken(null));

const answer = (status: number, body?: unknown, headers: Record<string, string> = {}) =>
  new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });

test("leaves empty search parameters out", async () => {
  fetched.mockResolvedValue(answer(200, {}));
  await api.get("/api/v1/events", { search: { limit: 5, event: undefined, cursor: "", after: null } });
  expect(fetched.mock.calls[0]?.[0]).toBe("/api/v1/events?limit=5");
});

test("sends the session's token with what changes something, and not with what reads", async () => {
  setCsrfToken("secret-1");
  fetched.mockImplementation(() => Promise.resolve(answer(200, {})));
  await api.post("/api/v1/projects", { name: "Shop" });
  await api.get("/api/v1/projects");
  expect(fetched.mock.calls[0]?.[1]?.headers).toMatchObject({ "X-CSRF-Token": "secret-1", "Content-Type": "application/json" });
  expect(fetched.mock.calls[1]?.[1]?.headers).not.toHaveProperty("X-CSRF-Token");
});

test("a 204 is undefined", async () => {
  fetched.mockResolvedValue(answer(204));
  expect(await api.delete("/api/v1/session")).toBeUndefined();
});

test("a problem becomes a typed error with its fields and request id", async () => {
  const problem = { type: "about:blank", title: "Invalid", status: 422, code: "invalid", detail: "One field is wrong.", hint: "Try UTC.", errors: [{ path: "body.timezone", message: "unknown zone" }] };
  fetched.mockResolvedValue(answer(422, problem, { "X-Request-Id": "r-7", "Retry-After": "3" }));
  const error = await api.post("/api/v1/projects", {}).catch((one: unknown) => one as ApiError);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 422, code: "invalid", message: "One field is wrong.", hint: "Try UTC.", requestId: "r-7", retryAfterSeconds: 3 });
  expect((error as ApiError).field("timezone")).toBe("unknown zone");
});

test("a proxy's page becomes an error too", async () => {
  fetched.mockResolvedValue(new Response("<h1>Bad gateway</h1>", { status: 502 }));
  await expect(api.get("/api/v1/instance")).rejects.toMatchObject({ status: 502, code: "http_error" });
});

test("a server that is away says so", async () => {
  fetched.mockRejectedValue(new TypeError("Failed to fetch"));
  await expect(api.get("/api/v1/instance")).rejects.toMatchObject({ status: 0, code: "unreachable" });
});

test("a cancelled request stays a cancellation", async () => {
  const stop = new AbortController();
  stop.abort();
  fetched.mockRejectedValue(new DOMException("stopped", "AbortError"));
  await expect(api.get("/api/v1/instance", { signal: stop.signal })).rejects.toMatchObject({ name: "AbortError" });
});
