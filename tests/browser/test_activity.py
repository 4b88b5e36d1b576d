"""Stickiness, lifecycle and active users: each number leads to its people."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.reports import address, cells, people_of
from tests.browser.steps import settle, visit
from tests.browser.test_access import check_both_themes


def test_stickiness_counts_days(page: Page) -> None:
    visit(page, address("/stickiness", range="7d"), "Stickiness")
    table = cells(page, "How often: Any event, as a table")
    assert table[1:4] == [["1", "2"], ["2", "1"], ["3", "0"]]
    assert people_of(page, page.get_by_role("button", name="1, Any event, 2: show people")) == ["alice"]


def test_lifecycle_tells_new_from_returning(page: Page) -> None:
    visit(page, address("/lifecycle", range="7d"), "Lifecycle")
    table = cells(page, "Lifecycle: Any event, as a table")
    assert table[0][1:] == ["New", "Returning", "Resurrecting", "Dormant"]
    # Newest first: today, yesterday, and the day before that.
    assert [row[1:] for row in table[1:4]] == [["0", "0", "0", "-2"], ["1", "1", "0", "-1"], ["2", "0", "0", "0"]]
    assert people_of(page, page.get_by_role("button", name="1, Returning").first) == ["alice"]


def test_growth_and_power_users_are_tabs(page: Page) -> None:
    visit(page, address("/lifecycle", range="7d"), "Lifecycle")
    page.get_by_role("tab", name="Growth accounting").click()
    settle(page)
    assert cells(page, "Growth accounting: Any event, as a table")[2][1:] == ["2", "1", "1", "0", "-1", "0%", "1"]
    check_both_themes(page)
    page.get_by_role("tab", name="Power users").click()
    settle(page)
    assert cells(page, "Power users: Any event, as a table")[1:3] == [["1", "2"], ["2", "1"]]
    assert people_of(page, page.get_by_role("button", name="1, People, 2: show people")) == ["alice"]


def test_active_people_by_day_week_and_month(page: Page) -> None:
    visit(page, address("/active-users", range="7d"), "Active users")
    expect(page.get_by_role("tab", name="Monthly active people")).to_contain_text("3")
    page.get_by_role("tab", name="Weekly active people").click()
    expect(page.get_by_role("heading", name="Weekly active people")).to_be_visible()
    number = page.get_by_role("button", name="Weekly active people").first
    assert people_of(page, number) == ["alice", "bob", "carol"]
