"""Journeys: what one person did, visit by visit, and how far they came in a funnel."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.reports import address, save_as
from tests.browser.steps import choose, search_of, settle, visit
from tests.browser.test_access import check_both_themes
from tests.browser.test_people import number_of
from tests.support.server import Server

STEPS = {"steps": [{"event": "$pageview"}, {"event": "purchase"}]}


def open_journey(page: Page, server: Server, name: str, **state: object) -> None:
    visit(page, address("/journeys", person=number_of(server, name), range="7d", **state), "Journeys")


def test_a_person_is_found_by_name(page: Page) -> None:
    visit(page, "/journeys?range=7d", "Journeys")
    expect(page.get_by_text("By one of their ids, by name or by e-mail address.")).to_be_visible()
    choose(page, page.get_by_role("combobox", name="Person"), "alice")
    expect(page.get_by_role("heading", name="What alice did")).to_be_visible()
    expect(page.locator("li button[aria-expanded]")).to_have_count(4)


def test_events_are_told_visit_by_visit(page: Page, server: Server) -> None:
    open_journey(page, server, "alice")
    heads = page.get_by_role("heading", level=3)
    expect(heads).to_have_count(2)
    expect(page.get_by_text("1d later")).to_be_visible()
    page.get_by_role("button", name=re.compile("purchase")).first.click()
    expect(page.get_by_text("20", exact=True)).to_be_visible()
    check_both_themes(page)


def test_an_id_in_the_address_will_do(page: Page) -> None:
    visit(page, address("/journeys", distinct_id="bob", range="7d"), "Journeys")
    expect(page.get_by_role("heading", name="What bob did")).to_be_visible()


def test_an_id_of_nobody_says_so(page: Page) -> None:
    visit(page, address("/journeys", distinct_id="zoe", range="7d"), "Journeys")
    expect(page.get_by_text("No person has this distinct_id.")).to_be_visible()


def test_it_leads_to_the_person(page: Page, server: Server) -> None:
    open_journey(page, server, "alice")
    page.get_by_role("link", name="Profile of alice").click()
    expect(page.get_by_role("heading", level=1, name="alice")).to_be_visible()


def test_steps_show_how_far_somebody_came(page: Page, server: Server) -> None:
    open_journey(page, server, "alice", funnel=STEPS)
    expect(page.get_by_text("Went all the way")).to_be_visible()
    expect(page.get_by_text("Reached step 2")).to_have_count(1)
    open_journey(page, server, "carol", funnel=STEPS)
    expect(page.get_by_text("Reached step 1 of 2, and stopped before purchase.")).to_be_visible()
    check_both_themes(page)


def test_a_saved_funnel_gives_its_steps(page: Page, server: Server) -> None:
    server.api("POST", "/api/v1/insights", {"name": "Buying", "query": {"kind": "funnel", **STEPS}})
    open_journey(page, server, "carol")
    choose(page, page.get_by_role("combobox", name="Take a saved funnel"), "Buying")
    expect(page.get_by_text("stopped before purchase")).to_be_visible()
    assert "purchase" in search_of(page)["funnel"]


def test_steps_of_one_s_own_begin_with_a_first(page: Page, server: Server) -> None:
    open_journey(page, server, "carol")
    choose(page, page.get_by_role("combobox", name="Add a step"), "Page view")
    choose(page, page.get_by_role("combobox", name="Add a step"), "purchase")
    expect(page.get_by_role("heading", name="How far")).to_be_visible()
    page.get_by_role("button", name="Remove the steps").click()
    expect(page.get_by_role("heading", name="How far")).to_have_count(0)


def test_long_journeys_come_a_page_at_a_time(page: Page, server: Server) -> None:
    open_journey(page, server, "alice", limit=3)
    expect(page.get_by_text("The first 3 events")).to_be_visible()
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("li button[aria-expanded]")).to_have_count(4)
    expect(page.get_by_role("heading", level=3)).to_have_count(2)
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)


def test_a_journey_is_kept_with_its_steps(page: Page, server: Server, alice: BrowserContext) -> None:
    open_journey(page, server, "carol", funnel=STEPS)
    save_as(page, "How carol came by")
    other = alice.new_page()
    visit(other, "/saved", "Saved")
    other.get_by_role("main").get_by_role("link", name="How carol came by").click()
    expect(other.get_by_text("stopped before purchase")).to_be_visible()
    settle(other)
    assert int(search_of(other)["person"]) == number_of(server, "carol")
