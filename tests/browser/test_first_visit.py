"""A newcomer opens a fresh server: account, project, first event, without any setting made beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import NO_UNATTENDED_SET_UP
from tests.support.server import EMAIL, PASSWORD, Server, running_server


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Server]:
    with running_server(tmp_path / "fresh", **NO_UNATTENDED_SET_UP) as found:
        yield found


def fill_in(page: Page, password: str) -> None:
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.get_by_label("Project name").fill("Shop")
    page.get_by_role("button", name="Create account and project").click()


def test_from_nothing_to_the_first_event(open_context: Callable[..., BrowserContext], fresh: Server) -> None:
    page = open_context(base_url=fresh.url).new_page()
    page.goto("/trends")
    expect(page).to_have_url(f"{fresh.url}/setup")
    assert violations(page) == []
    fill_in(page, "short")
    expect(page).to_have_url(f"{fresh.url}/setup")

    fill_in(page, PASSWORD)
    expect(page).to_have_url(f"{fresh.url}/install")
    waiting = page.get_by_role("status").filter(has_text="Waiting for the first event")
    expect(waiting).to_be_visible()

    token = page.locator("dd code").nth(1).inner_text()
    headers = {"Authorization": f"Bearer {token}"}
    event = {"event": "signed_up", "distinct_id": "alice"}
    assert fresh.request("POST", "/api/v1/events", [event], headers=headers)[0] == 200
    arrived = page.locator("[data-arrived=true]")
    expect(arrived).to_contain_text("The first event has arrived")
    expect(arrived).to_contain_text("signed_up")

    arrived.get_by_role("link", name="See it on Home").click()
    expect(page.get_by_role("tab", name="Unique people")).to_contain_text("1")
