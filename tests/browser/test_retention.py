"""Retention: a grid whose cells lead to people, and a curve."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.reports import address, cells, people_of
from tests.browser.steps import search_of, visit
from tests.browser.test_access import check_both_themes

DAYS = address("/retention", range="7d", period="day", intervals=3)


def test_the_grid_says_who_came_back(page: Page) -> None:
    visit(page, DAYS, "Retention")
    grid = cells(page, "Retention, Everybody")
    assert grid[0] == ["Cohort", "People", "Day 0", "Day 1", "Day 2"]
    # Alice and Carol came the day before yesterday; Alice came back yesterday, with Bob.
    assert next(row[1:] for row in grid if row[1] == "2") == ["2", "100%", "50%", "0%"]


def test_a_cell_leads_to_its_people(page: Page) -> None:
    visit(page, DAYS, "Retention")
    cell = page.get_by_role("button", name="Day 1: 1 of 2 (50%)").first
    assert people_of(page, cell) == ["alice"]


def test_a_curve_draws_the_average(page: Page) -> None:
    visit(page, DAYS, "Retention")
    page.get_by_role("radio", name="Curve").click()
    expect(page.get_by_role("application", name="Share that came back")).to_be_visible()
    assert search_of(page)["view"] == "curve"
    check_both_themes(page)


def test_people_can_be_shown_for_shares(page: Page) -> None:
    visit(page, DAYS, "Retention")
    page.get_by_role("radio", name="People").click()
    row = next(row for row in cells(page, "Retention, Everybody") if row[1] == "2")
    assert row[2:] == ["2", "1", "0"]
