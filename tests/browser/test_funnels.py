"""Funnels: bars of steps, who went on and who left, the other views, and a funnel that is kept."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.reports import address, cells, people_of, save_as
from tests.browser.steps import choose, search_of, visit
from tests.browser.test_access import check_both_themes

STEPS = [{"event": "$pageview"}, {"event": "purchase"}]
FUNNEL = address("/funnels", steps=STEPS, range="7d")


def test_a_funnel_is_built_by_clicking(page: Page) -> None:
    visit(page, "/funnels?range=7d", "Funnels")
    expect(page.get_by_text("Choose the next step")).to_be_visible()
    choose(page, page.get_by_role("combobox", name="Add a step"), "purchase")
    expect(page.get_by_role("heading", name="Page view → purchase")).to_be_visible()
    assert [row[:3] for row in cells(page, "Steps of the funnel")[1:]] == [
        ["1. Page view", "3", "100%"],
        ["2. purchase", "2", "66.7%"],
    ]


def test_the_bars_lead_to_those_who_went_on_and_those_who_left(page: Page) -> None:
    visit(page, FUNNEL, "Funnels")
    assert people_of(page, page.get_by_role("button", name="purchase: 2 reached it")) == ["alice", "bob"]
    assert people_of(page, page.get_by_role("button", name="purchase: 1 came to the step before")) == ["carol"]


def test_an_open_list_of_people_is_part_of_the_address(page: Page, alice: BrowserContext) -> None:
    visit(page, FUNNEL, "Funnels")
    page.get_by_role("button", name="purchase: 2 reached it").click()
    expect(page.get_by_role("dialog", name="reached purchase")).to_be_visible()
    assert "people" in search_of(page)
    other = alice.new_page()
    other.goto(page.url)
    expect(other.get_by_role("dialog", name="reached purchase").get_by_role("cell", name="bob")).to_be_visible()
    check_both_themes(other)


def test_a_breakdown_draws_a_bar_for_each_value(page: Page) -> None:
    visit(page, address("/funnels", steps=STEPS, range="7d", breakdown=[{"property": "plan"}]), "Funnels")
    assert cells(page, "Steps of the funnel by value")[1:] == [["free", "2", "1", "50%"], ["pro", "1", "1", "100%"]]
    check_both_themes(page)


def test_the_other_views_draw_the_same_funnel(page: Page) -> None:
    visit(page, FUNNEL, "Funnels")
    page.get_by_role("radio", name="Trend").click()
    expect(page.get_by_role("application", name="Conversion by start")).to_be_visible()
    page.get_by_role("radio", name="Time").click()
    expect(page.get_by_role("application", name="Time to convert")).to_be_visible()
    assert search_of(page)["view"] == "time_to_convert"


def test_a_funnel_is_kept_opened_and_changed(page: Page, alice: BrowserContext) -> None:
    visit(page, FUNNEL, "Funnels")
    save_as(page, "Visit to purchase")
    number = search_of(page)["insight"]
    other = alice.new_page()
    visit(other, f"/funnels?insight={number}", "Visit to purchase")
    expect(other.get_by_role("button", name="purchase: 2 reached it")).to_be_visible()
    expect(other.get_by_role("button", name="Save changes")).to_have_count(0)
    other.get_by_label("Order of steps").select_option(label="In any order")
    other.get_by_role("button", name="Save changes").click()
    expect(other.get_by_text("The changes are saved.")).to_be_visible()
    other.get_by_role("button", name="Add to favourites").click()
    expect(other.get_by_role("button", name="Remove from favourites")).to_be_visible()
