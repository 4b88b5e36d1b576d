from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.steps import visit
from tests.support.server import Server


def test_an_event_appears_by_itself_with_what_it_carries(page: Page, server: Server) -> None:
    visit(page, "/live", "Live")
    event = {"event": "wish_listed", "distinct_id": "carol", "properties": {"item": "a blue lamp"}}
    assert server.send([event]) == 200
    row = page.get_by_role("button").filter(has_text="wish_listed")
    expect(row).to_be_visible(timeout=10_000)
    row.click()
    expect(page.get_by_text("a blue lamp")).to_be_visible()


def test_the_stream_can_be_narrowed_to_one_event(page: Page) -> None:
    visit(page, "/live?event=purchase", "Live")
    rows = page.get_by_role("listitem").filter(has=page.locator("time"))
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="purchase")).to_have_count(3)
