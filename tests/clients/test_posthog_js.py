"""posthog-js in Chromium, on a page of another origin, with nothing changed but its host: a new and an old version."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.find_chromium import find_chromium
from tests.support.server import TOKEN, Server

pytestmark = pytest.mark.browser

PACKAGES = Path(__file__).parent / "node_modules"
VERSIONS = ("posthog-js", "posthog-js-1-200")
PAGE = """<!doctype html><title>Shop</title><h1>Shop</h1>
<button id="buy" class="big">Buy now</button>
<script src="/array.js"></script>
<script>
  const options = {settings};
  options.loaded = () => {{ window.ready = true }};
  posthog.init("{token}", options);
</script>"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a log."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(params=VERSIONS)
def site(request: pytest.FixtureRequest, tmp_path: Path, server: Server) -> Iterator[str]:
    """A page with the client in it, on its own origin."""
    bundle = PACKAGES / request.param / "dist" / "array.full.no-external.js"
    if not bundle.exists():
        pytest.skip("posthog-js is not installed: npm ci --ignore-scripts in tests/clients")
    settings = {
        "api_host": server.url,
        "person_profiles": "always",
        "request_batching": True,
        "opt_out_useragent_filter": True,
    }
    (tmp_path / "array.js").write_bytes(bundle.read_bytes())
    (tmp_path / "index.html").write_text(PAGE.format(settings=json.dumps(settings), token=TOKEN))
    web = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{web.server_port}/?utm_source=mail&case={request.param}"
    web.shutdown()
    web.server_close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """The page, opened by a newcomer; the client's own complaints fail the test."""
    context = browser.new_context(locale="en-GB")
    found = context.new_page()
    faults: list[str] = []
    found.on("pageerror", lambda error: faults.append(str(error)))
    found.on(
        "response", lambda answer: faults.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
    )
    found.goto(site)
    found.wait_for_function("window.ready === true")
    yield found
    context.close()
    assert [fault for fault in faults if "/static/" not in fault and "favicon" not in fault] == []


def stored(server: Server, where: str, count: int) -> list[list[Any]]:
    """Rows of events, once there are `count` of them."""
    sql = (
        "SELECT event, distinct_id, session_id, url, path, utm_source, browser, lib, properties "
        f"FROM events WHERE {where} ORDER BY timestamp"
    )
    deadline = time.monotonic() + 60
    while True:
        rows = server.rows(sql)
        if len(rows) >= count or time.monotonic() > deadline:
            return rows
        time.sleep(0.3)


def test_a_visit(page: Page, server: Server, site: str) -> None:
    distinct_id = page.evaluate("posthog.get_distinct_id()")
    page.click("#buy")
    page.evaluate("posthog.capture('bought', {plan: 'pro', amount: 12.5, text: 'grüße 😀'})")
    rows = stored(server, f"distinct_id = '{distinct_id}'", 3)
    by_name = {row[0]: row for row in rows}
    assert set(by_name) == {"$pageview", "$autocapture", "bought"}
    _, _, session, url, path, source, agent, lib, _ = by_name["$pageview"]
    assert (url, path, source, agent, lib) == (site, "/", "mail", "Chrome", "web")
    assert {row[2] for row in rows} == {session}
    assert session
    properties = by_name["bought"][8]
    assert (properties["plan"], properties["amount"], properties["text"]) == ("pro", 12.5, "grüße 😀")
    assert "token" not in properties
    assert by_name["$autocapture"][8]["$event_type"] == "click"


def test_a_newcomer_signs_in(page: Page, server: Server) -> None:
    anonymous = page.evaluate("posthog.get_distinct_id()")
    person = f"alice {anonymous}"
    page.evaluate("id => { posthog.identify(id, {plan: 'pro'}); posthog.capture('welcomed') }", person)
    rows = stored(server, f"distinct_id = '{person}'", 2)
    assert {row[0] for row in rows} == {"$identify", "welcomed"}
    [identify] = [row for row in rows if row[0] == "$identify"]
    assert identify[8]["$anon_distinct_id"] == anonymous


def test_leaving_the_page_sends_what_is_waiting(page: Page, server: Server) -> None:
    distinct_id = page.evaluate("posthog.get_distinct_id()")
    page.evaluate("posthog.capture('last words')")
    page.goto("about:blank")
    rows = stored(server, f"distinct_id = '{distinct_id}' AND event IN ('last words', '$pageleave')", 2)
    assert {row[0] for row in rows} == {"last words", "$pageleave"}


def test_flags_are_answered(page: Page) -> None:
    page.evaluate("posthog.onFeatureFlags(() => { window.flagged = true }); posthog.reloadFeatureFlags()")
    page.wait_for_function("window.flagged === true")
    assert not page.evaluate("posthog.isFeatureEnabled('none')")
