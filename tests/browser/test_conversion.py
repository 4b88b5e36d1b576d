"""Conversion: two events, what share goes on from one to the other, when they started, and who they are."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.reports import address, cells, people_of, save_as
from tests.browser.steps import choose, search_of, settle, visit
from tests.browser.test_access import check_both_themes

BOUGHT = address("/conversion", end={"event": "purchase"}, range="7d")


def test_a_conversion_is_built_by_clicking(page: Page) -> None:
    visit(page, "/conversion?range=7d", "Conversion")
    expect(page.get_by_text("Choose the event that converts")).to_be_visible()
    choose(page, page.get_by_role("combobox", name="Event that converts"), "purchase")
    expect(page.get_by_role("heading", name="Page view → purchase")).to_be_visible()
    expect(page.get_by_role("tab", name="Conversion rate")).to_contain_text("66.7%")
    expect(page.get_by_role("tab", name="Started")).to_contain_text("3")
    expect(page.get_by_role("tab", name="Converted")).to_contain_text("2")


def test_everybody_is_behind_a_bar(page: Page) -> None:
    visit(page, BOUGHT, "Conversion")
    assert people_of(page, page.get_by_role("button", name="Page view: 3 reached it")) == ["alice", "bob", "carol"]
    assert people_of(page, page.get_by_role("button", name="purchase: 2 reached it")) == ["alice", "bob"]
    assert people_of(page, page.get_by_role("button", name="purchase: 1 came to the step before")) == ["carol"]


def test_the_table_goes_by_when_people_started(page: Page) -> None:
    visit(page, BOUGHT, "Conversion")
    table = cells(page, "Conversion by start")
    assert table[0] == ["Started in", "Started", "Converted", "Not converted", "Rate"]
    # Newest first: today, yesterday, and the day before that.
    assert [row[1:] for row in table[1:4]] == [["0", "0", "0", "–"], ["2", "2", "0", "100%"], ["2", "1", "1", "50%"]]
    assert people_of(page, page.get_by_role("button", name="1, Not converted").first) == ["carol"]


@pytest.mark.parametrize(("figure", "chart"), [("Started", "Started by start"), ("Median time", "Time to convert")])
def test_a_figure_brings_its_chart(page: Page, figure: str, chart: str) -> None:
    visit(page, BOUGHT, "Conversion")
    page.get_by_role("tab", name=figure).click()
    settle(page)
    expect(page.get_by_role("application", name=chart)).to_be_visible()
    check_both_themes(page)


def test_an_event_is_narrowed_and_the_window_changed(page: Page) -> None:
    plans = [{"property": "plan", "operator": "exact", "value": "pro"}]
    visit(
        page,
        address("/conversion", start={"event": "$pageview", "filters": plans}, end={"event": "purchase"}),
        "Conversion",
    )
    expect(page.get_by_role("tab", name="Started")).to_contain_text("1")
    page.get_by_label("Within").fill("2")
    page.get_by_label("Unit of time").select_option("hour")
    settle(page)
    assert '"unit":"hour"' in search_of(page)["window"]
    expect(page.get_by_role("tab", name="Conversion rate")).to_contain_text("100%")


def test_a_conversion_is_kept_and_opened_from_the_list(page: Page, alice: BrowserContext) -> None:
    visit(page, BOUGHT, "Conversion")
    save_as(page, "Visit to buying")
    other = alice.new_page()
    visit(other, "/saved", "Saved")
    other.get_by_role("main").get_by_role("link", name="Visit to buying").click()
    expect(other.get_by_role("heading", level=1, name="Visit to buying")).to_be_visible()
    expect(other.get_by_role("tab", name="Converted")).to_contain_text("2")


def test_its_sql_can_be_read(page: Page) -> None:
    visit(page, BOUGHT, "Conversion")
    page.get_by_role("button", name="Show SQL").click()
    expect(page.get_by_role("dialog", name="SQL of this report")).to_contain_text("SELECT")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="How this is counted").hover()
    expect(page.get_by_role("tooltip")).to_contain_text("all within 14 days of the first step")
    page.get_by_role("button", name="How this is counted").click()
    expect(page.get_by_text("all within 14 days of the first step")).to_be_visible()
