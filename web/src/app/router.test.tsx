import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { newQueryClient } from "@/api/queryClient";
import { TooltipProvider } from "@/design";
import { listenForShortcuts } from "@/design/shortcuts";

import { newRouter } from "./router";

const ALICE = { id: 1, email: "alice@example.com", name: "Alice", created_at: "2026-11-01T00:00:00Z" };
const SHOP = { id: 1, name: "Shop", token: "0".repeat(32), website_id: "", timezone: "UTC", week_start: "monday", retention_days: null, keep_ip: "truncate", created_at: "2026-11-01T00:00:00Z", role: "owner" };
const NOTES = { ...SHOP, id: 2, name: "Notes", role: "viewer" };
const KEY = { id: 7, name: "Nightly export", last_four: "c81f", scopes: ["query:read"], created_at: "2026-11-01T00:00:00Z", expires_at: null, last_used_at: null };

type Answers = Record<string, unknown>;

/** The server's side of the conversation, by path; what is not named is refused. */
function serve(answers: Answers) {
  vi.stubGlobal("fetch", (url: string) => {
    const body = answers[String(url).split("?")[0] as string];
    if (body !== undefined) return Promise.resolve(Response.json(body));
    return Promise.resolve(Response.json({ title: "Not signed in", status: 401, code: "not_signed_in", detail: "Sign in first." }, { status: 401 }));
  });
}

function open(address: string) {
  window.history.replaceState(null, "", address);
  const client = newQueryClient(() => undefined);
  const router = newRouter(client);
  render(
    <QueryClientProvider client={client}>
      <TooltipProvider>
        <RouterProvider router={router} />
      </TooltipProvider>
    </QueryClientProvider>,
  );
  return router;
}

const instance = (change: object) => ({ "/api/v1/instance": { name: "Northing", version: "1", needs_setup: false, demo: false, signed_in: false, ...change } });
const signedIn = (...projects: object[]) => ({
  ...instance({ signed_in: true }),
  "/api/v1/session": { user: ALICE, csrf_token: "t", projects },
  "/api/v1/projects/1/keys": { items: [KEY], next_cursor: null },
  "/api/v1/projects/2/keys": { items: [], next_cursor: null },
});

beforeEach(() => {
  localStorage.clear();
  window.scrollTo = () => undefined;
});

test("the first visit leads to the set-up page", async () => {
  serve(instance({ needs_setup: true }));
  open("/trends");
  expect(await screen.findByRole("heading", { name: "Set up Northing" })).toBeVisible();
});

test("a stranger signs in first, and the address is kept", async () => {
  serve(instance({}));
  const router = open("/settings/keys?project=2");
  expect(await screen.findByRole("heading", { name: "Sign in to Northing" })).toBeVisible();
  expect(router.state.location.search).toEqual({ next: "/settings/keys?project=2" });
});

test("the demo's sign-in is offered", async () => {
  serve(instance({ demo: true, demo_sign_in: { email: "demo@northing.example", password: "simulated" } }));
  open("/sign-in");
  expect(await screen.findByRole("button", { name: "Sign in as the demo user" })).toBeVisible();
});

test("an owner sees the keys and may make one", async () => {
  serve(signedIn(SHOP));
  open("/settings/keys");
  expect(await screen.findByText("Nightly export")).toBeVisible();
  expect(screen.getByRole("button", { name: "Create key" })).toBeVisible();
  expect(screen.getByRole("link", { name: "API keys" })).toHaveAttribute("aria-current", "page");
});

test("with several projects the address names one; a viewer may not make keys", async () => {
  serve(signedIn(SHOP, NOTES));
  const router = open("/settings/keys?project=2");
  expect(await screen.findByText("No keys yet")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Create key" })).toBeNull();
  expect(router.state.location.search).toMatchObject({ project: 2 });
});

test("a project that is not ours falls back to one that is", async () => {
  serve(signedIn(SHOP, NOTES));
  const router = open("/settings/keys?project=99");
  expect(await screen.findByText("Nightly export")).toBeVisible();
  await waitFor(() => expect(router.state.location.search).toMatchObject({ project: 1 }));
});

test("the palette finds a page by part of its name", async () => {
  const stop = listenForShortcuts();
  serve(signedIn(SHOP));
  const router = open("/settings/keys");
  await screen.findByText("Nightly export");
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByPlaceholderText(/Go to a page/), "no such pa{Backspace>20}memb{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toBe("/settings/members"));
  stop();
});

test("an unknown address says so, inside the shell", async () => {
  serve(signedIn(SHOP));
  open("/nope");
  expect(await screen.findByRole("heading", { name: "There is no such page" })).toBeVisible();
  expect(screen.getByRole("navigation", { name: "Main" })).toBeVisible();
});

const heading = (name: string) => screen.findByRole("button", { name, expanded: name === "Settings" });

test("groups of the sidebar fold, and the choice is remembered", async () => {
  serve(signedIn(SHOP));
  open("/settings/keys");
  await heading("Settings");
  expect(screen.queryByRole("link", { name: "People" })).toBeNull();
  await userEvent.click(await heading("Audience"));
  expect(screen.getByRole("link", { name: "People" })).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Analyse" }));
  expect(screen.queryByRole("link", { name: "Trends" })).toBeNull();
  expect(JSON.parse(localStorage.getItem("northing.sidebar.groups") ?? "")).toEqual({ project: true, audience: true, analyse: false });
});

test("who comes to a page of a closed group finds the group open", async () => {
  localStorage.setItem("northing.sidebar.groups", JSON.stringify({ project: false, watch: "?" }));
  serve(signedIn(SHOP));
  open("/settings/keys");
  expect(await screen.findByRole("link", { name: "API keys" })).toHaveAttribute("aria-current", "page");
  expect(screen.getByRole("button", { name: "Watch", expanded: true })).toBeVisible();
});

test("a list of choices that cannot be read is none", async () => {
  localStorage.setItem("northing.sidebar.groups", "[");
  serve(signedIn(SHOP));
  open("/settings/keys");
  expect(await heading("Settings")).toBeVisible();
});
