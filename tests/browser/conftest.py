"""One browser and one server with a little data for all tests of this folder; each test has a context of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from scripts.find_chromium import find_chromium
from tests.browser import shop
from tests.browser.watch import Watch
from tests.support.server import EMAIL, PASSWORD, Server, running_server

PATIENCE_MS = 30_000
PHONE = {"width": 375, "height": 812}
DESKTOP = {"width": 1440, "height": 900}
NO_UNATTENDED_SET_UP = {
    "NORTHING_PROJECT_TOKEN": "",
    "NORTHING_ADMIN_KEY": "",
    "NORTHING_ADMIN_EMAIL": "",
    "NORTHING_ADMIN_PASSWORD": "",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives Chromium."""
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)


# Not for the whole session: while Playwright runs, its event loop keeps other tests from starting theirs.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        found = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
        expect.set_options(timeout=PATIENCE_MS)
        yield found
        found.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The shop's server, its events loaded."""
    with running_server(tmp_path_factory.mktemp("shop") / "data") as found:
        assert found.send(shop.events()) == 200
        found.wait_loaded()
        yield found


@pytest.fixture(scope="package")
def signed_in(browser: Browser, server: Server) -> StorageState:
    """What a browser keeps once alice is signed in."""
    context = browser.new_context()
    context.request.post(f"{server.url}/api/v1/session", data={"email": EMAIL, "password": PASSWORD})
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test at its end if a page of it misbehaved."""
    found = Watch()
    yield found
    assert found.unexpected() == []


@pytest.fixture
def open_context(browser: Browser, watch: Watch) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts whose pages are watched."""
    made: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        settings: dict[str, Any] = {"locale": "en-GB", "timezone_id": "UTC", "viewport": DESKTOP, **options}
        context = browser.new_context(**settings)
        context.set_default_timeout(PATIENCE_MS)
        watch.follow(context)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def stranger(open_context: Callable[..., BrowserContext], server: Server) -> Page:
    """A page on which nobody is signed in."""
    return open_context(base_url=server.url).new_page()


@pytest.fixture
def alice(open_context: Callable[..., BrowserContext], server: Server, signed_in: StorageState) -> BrowserContext:
    """A browser of alice, the owner; she is signed in."""
    return open_context(base_url=server.url, storage_state=signed_in)


@pytest.fixture
def page(alice: BrowserContext) -> Page:
    """A page of alice's."""
    return alice.new_page()
