"""Paths: a picture and a table of ways, both of which lead to people."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.reports import address, cells, people_of
from tests.browser.steps import choose, visit
from tests.browser.test_access import check_both_themes
from tests.support.server import Server

EVENTS = address("/paths", range="7d", include=["$pageview", "custom_event"])


def test_ways_are_drawn_and_listed(page: Page, server: Server) -> None:
    said = server.query(kind="paths", include=["$pageview", "custom_event"], date_from="-6d")["edges"]
    visit(page, EVENTS, "Paths")
    listed = [[f"1_{row[0]}", f"2_{row[2]}", row[3]] for row in cells(page, "Ways from step to step")[1:]]
    assert listed == [[edge["source"], edge["target"], str(edge["value"])] for edge in said]
    expect(page.get_by_role("img", name="Paths. The most frequent ways")).to_be_visible()


def test_a_way_and_a_step_lead_to_people(page: Page) -> None:
    visit(page, EVENTS, "Paths")
    assert people_of(page, page.get_by_role("button", name="1, ").first) == ["bob"]
    assert people_of(page, page.get_by_role("button", name="/pricing 2 paths at step")) == ["alice"]
    check_both_themes(page)


def test_a_funnel_leads_to_what_people_did_on_the_way_and_instead(page: Page, server: Server) -> None:
    steps = [{"event": "$pageview"}, {"event": "purchase"}]
    funnel = address("/funnels", steps=steps, range="7d")
    visit(page, funnel, "Funnels")
    page.get_by_role("link", name="To it, purchase: show paths").click()
    expect(page.get_by_role("heading", name="Paths from Page view to purchase")).to_be_visible()
    include = ["$pageview", "custom_event"]
    said = server.query(kind="paths", include=include, date_from="-6d", within={"funnel": {"steps": steps}})
    listed = [[f"1_{row[0]}", f"2_{row[2]}", row[3]] for row in cells(page, "Ways from step to step")[1:]]
    assert listed == [[edge["source"], edge["target"], str(edge["value"])] for edge in said["edges"]]
    visit(page, funnel, "Funnels")
    page.get_by_role("link", name="Instead, purchase: show paths").click()
    expect(page.get_by_role("heading", name="Paths after Page view of those who left before purchase")).to_be_visible()


def test_the_part_of_the_funnel_is_chosen_and_left(page: Page) -> None:
    within = {"funnel": {"steps": [{"event": "$pageview"}, {"event": "purchase"}]}}
    visit(page, address("/paths", range="7d", within=within), "Paths")
    page.get_by_label("Paths", exact=True).select_option(label="After")
    expect(page.get_by_role("heading", name="Paths after purchase")).to_be_visible()
    check_both_themes(page)
    page.get_by_role("button", name="Leave the funnel").click()
    expect(page.get_by_role("heading", name="Paths from the first page on")).to_be_visible()
    expect(page.locator(":focus")).to_contain_text("Within a funnel")


def test_a_start_narrows_the_picture(page: Page) -> None:
    visit(page, EVENTS, "Paths")
    choose(page, page.get_by_role("combobox", name="Start at"), "/pricing")
    expect(page.get_by_role("heading", name="Paths from /pricing")).to_be_visible()
    expect(page.get_by_role("cell", name="/", exact=True)).to_have_count(0)
