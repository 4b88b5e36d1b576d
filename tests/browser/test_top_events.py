"""Top events: how often each happened and to how many, the way to Trends, and who they are."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.reports import address, cells, people_of, save_as
from tests.browser.steps import search_of, settle, visit

CAPTION = "Events with their times and people"


def test_each_event_has_its_share_and_its_people(page: Page) -> None:
    # What other tests sent has no page.
    of_pages = [{"property": "$pathname", "operator": "is_set"}]
    visit(page, address("/events", range="7d", filters=of_pages), "Top events")
    assert cells(page, CAPTION) == [
        ["Event", "Times", "Share", "People"],
        ["Page view", "4", "57.1%", "3"],
        ["purchase", "3", "42.9%", "2"],
    ]
    assert people_of(page, page.get_by_role("button", name="2, purchase: show people")) == ["alice", "bob"]


def test_an_event_leads_to_its_trend_in_the_same_period(page: Page) -> None:
    visit(page, address("/events", range="7d"), "Top events")
    page.get_by_role("main").get_by_role("link", name="purchase").click()
    expect(page.get_by_role("heading", level=1, name="Trends")).to_be_visible()
    expect(page.get_by_role("combobox", name="Event of series A")).to_have_text("purchase")
    assert search_of(page)["range"] == "7d"


def test_filters_and_the_limit_narrow_the_list(page: Page) -> None:
    pro = [{"property": "plan", "operator": "exact", "value": "pro"}]
    visit(page, address("/events", range="7d", filters=pro, limit=1), "Top events")
    assert cells(page, CAPTION)[1:] == [["Page view", "2", "50%", "1"]]
    expect(page.get_by_text("50% of all events have other names")).to_be_visible()
    page.get_by_label("Events listed").select_option("10")
    settle(page)
    assert len(cells(page, CAPTION)) == 3


def test_a_list_is_kept_and_opened(page: Page, alice: BrowserContext) -> None:
    visit(page, address("/events", range="7d", limit=10), "Top events")
    save_as(page, "What happens here")
    other = alice.new_page()
    visit(other, "/saved", "Saved")
    other.get_by_role("main").get_by_role("link", name="What happens here").click()
    expect(other.get_by_role("heading", level=1, name="What happens here")).to_be_visible()
    assert cells(other, CAPTION)[1][:2] == ["Page view", "4"]
    other.get_by_role("button", name="Show SQL").click()
    expect(other.get_by_role("dialog", name="SQL of this report")).to_contain_text("SELECT")
