"""People: a list that narrows, one person with all that they did, and who is one person with whom."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page, StorageState, expect

from tests.browser.conftest import PHONE
from tests.browser.shop import COMPANY
from tests.browser.steps import choose, search_of, settle, visit
from tests.browser.test_access import check_both_themes
from tests.browser.watch import Watch
from tests.support.server import Server


def number_of(server: Server, distinct_id: str) -> int:
    found = server.api("GET", f"/api/v1/persons?distinct_id={distinct_id}")["items"]
    return int(found[0]["person"])


def day(ago: int) -> str:
    return (datetime.now(UTC) - timedelta(days=ago)).date().isoformat()


def names(page: Page) -> list[str]:
    return page.get_by_role("region", name="People").locator("tbody tr a").all_inner_texts()


def open_person(page: Page, server: Server, name: str) -> None:
    visit(page, f"/people/{number_of(server, name)}", name)


def test_the_list_has_everybody(page: Page) -> None:
    visit(page, "/people", "People")
    expect(page.get_by_role("heading", name="3 people")).to_be_visible()
    assert sorted(names(page)) == ["alice", "bob", "carol"]


def test_a_search_narrows_the_list_and_is_in_the_address(page: Page) -> None:
    visit(page, "/people", "People")
    page.get_by_label("Search people").fill("ali")
    expect(page.get_by_role("heading", name="1 person")).to_be_visible()
    assert names(page) == ["alice"]
    expect(page).to_have_url(re.compile("search=ali"))


def test_a_search_for_nobody_offers_a_way_back(page: Page) -> None:
    visit(page, "/people?search=zoe", "People")
    page.get_by_role("button", name="Show everybody").click()
    expect(page.get_by_role("heading", name="3 people")).to_be_visible()
    expect(page.get_by_label("Search people")).to_have_value("")


def test_the_keys_lead_through_the_list_to_a_person(page: Page) -> None:
    visit(page, "/people?order=number", "People")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="alice")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="alice")).to_be_visible()


def test_a_person_shows_what_they_did_by_day(page: Page, server: Server) -> None:
    open_person(page, server, "alice")
    expect(page.get_by_role("heading", level=3)).to_have_count(2)
    expect(page.locator("li button[aria-expanded]")).to_have_count(4)
    page.get_by_role("button", name=re.compile("purchase")).first.click()
    expect(page.get_by_text("30", exact=True)).to_be_visible()


def test_a_person_s_events_are_narrowed_by_name_and_period(page: Page, server: Server) -> None:
    open_person(page, server, "alice")
    choose(page, page.get_by_role("combobox", name="Event"), "purchase")
    expect(page.locator("li button[aria-expanded]")).to_have_count(2)
    page.get_by_role("button", name="All time").click()
    page.get_by_label("From").fill(day(1))
    page.get_by_role("button", name="Show these days").click()
    expect(page.locator("li button[aria-expanded]")).to_have_count(1)
    found = search_of(page)
    assert (json.loads(found["event"]), found["from"]) == (["purchase"], day(1))
    page.reload()
    settle(page)
    expect(page.locator("li button[aria-expanded]")).to_have_count(1)
    page.get_by_role("button", name="No longer only purchase").click()
    expect(page.locator("li button[aria-expanded]")).to_have_count(2)


def test_a_period_without_events_offers_a_way_back(page: Page, server: Server) -> None:
    visit(page, f"/people/{number_of(server, 'alice')}?to=2020-01-31", "alice")
    page.get_by_role("button", name="Show all events").click()
    expect(page.locator("li button[aria-expanded]")).to_have_count(4)


def test_a_group_shows_its_people_and_what_they_did(page: Page) -> None:
    visit(page, f"/groups/company/{quote(COMPANY, safe='')}", COMPANY)
    assert sorted(names(page)) == ["alice", "bob"]
    check_both_themes(page)
    page.get_by_label("Search these people").fill("bob")
    expect(page.get_by_text("1 match")).to_be_visible()
    assert search_of(page)["search"] == "bob"
    page.get_by_role("tab", name="Events").click()
    settle(page)
    expect(page.locator("li button[aria-expanded]")).to_have_count(6)
    check_both_themes(page)


def test_a_person_s_sessions_are_a_tab(page: Page, server: Server) -> None:
    open_person(page, server, "alice")
    page.get_by_role("tab", name="Sessions").click()
    settle(page)
    expect(page.get_by_role("region", name="Sessions").locator("tbody tr")).to_have_count(2)


def test_merging_makes_one_person_of_two_and_splitting_two_of_one(page: Page, server: Server) -> None:
    open_person(page, server, "bob")
    page.get_by_role("button", name="Merge in another person").click()
    dialog = page.get_by_role("dialog", name="Merge another person into bob")
    expect(dialog).to_contain_text("It can be undone")
    dialog.get_by_label("Distinct id of the other person").fill("carol")
    dialog.get_by_role("button", name="Merge").click()
    expect(page.get_by_role("heading", name="Distinct ids (2)")).to_be_visible()
    assert number_of(server, "carol") == number_of(server, "bob")

    page.get_by_role("button", name=re.compile("^Split off ")).click()
    dialog = page.get_by_role("dialog", name=re.compile("^Split .* off"))
    expect(dialog).to_contain_text("becomes a person of its own again")
    dialog.get_by_role("button", name="Split off").click()
    expect(dialog).to_be_hidden()
    assert number_of(server, "carol") != number_of(server, "bob")


def test_merging_with_an_id_that_nobody_has_is_refused_in_words(page: Page, server: Server, watch: Watch) -> None:
    open_person(page, server, "bob")
    watch.allow("status of 4")
    page.get_by_role("button", name="Merge in another person").click()
    page.get_by_label("Distinct id of the other person").fill("nobody-has-this")
    page.get_by_role("dialog").get_by_role("button", name="Merge").click()
    expect(page.get_by_role("alert")).to_be_visible()


def test_a_person_s_page_has_no_fault_in_either_theme(page: Page, server: Server) -> None:
    open_person(page, server, "alice")
    page.locator("li button[aria-expanded]").first.click()
    check_both_themes(page)


@pytest.fixture
def phone(open_context: Callable[..., BrowserContext], server: Server, signed_in: StorageState) -> Page:
    return open_context(base_url=server.url, storage_state=signed_in, viewport=PHONE, has_touch=True).new_page()


def test_a_person_s_page_fits_a_phone(phone: Page, server: Server) -> None:
    open_person(phone, server, "alice")
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
