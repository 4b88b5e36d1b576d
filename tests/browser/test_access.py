"""Every page for everybody: no fault that axe knows of in either theme, and nothing to scroll sideways on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, StorageState, expect

from tests.browser.axe import violations
from tests.browser.conftest import PHONE
from tests.browser.steps import PAGES, visit
from tests.support.server import Server

THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

# Colours halfway from one theme to the other are nobody's fault.
STAND_STILL = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important }");
  document.adoptedStyleSheets.push(sheet);
}"""


def check_both_themes(page: Page) -> None:
    page.evaluate(STAND_STILL)
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        assert violations(page) == [], theme


@pytest.mark.parametrize(("path", "heading"), PAGES.items())
def test_a_page_has_no_fault_in_either_theme(page: Page, path: str, heading: str) -> None:
    visit(page, path, heading)
    check_both_themes(page)


def test_the_sign_in_page_has_no_fault(stranger: Page) -> None:
    stranger.goto("/sign-in")
    expect(stranger.get_by_role("heading", name="Sign in to Northing")).to_be_visible()
    check_both_themes(stranger)


def test_the_page_for_a_wrong_address_has_no_fault(page: Page) -> None:
    page.goto("/there/is/nothing")
    expect(page.get_by_text("There is no such page")).to_be_visible()
    check_both_themes(page)


@pytest.mark.parametrize(("key", "name"), [("Control+k", "Find a page or an action"), ("?", "Keyboard shortcuts")])
def test_what_lies_over_a_page_has_no_fault(page: Page, key: str, name: str) -> None:
    visit(page, "/settings/members", "Members")
    page.keyboard.press(key)
    expect(page.get_by_role("dialog", name=name)).to_be_visible()
    check_both_themes(page)


def test_the_dialog_for_a_key_has_no_fault(page: Page) -> None:
    visit(page, "/settings/keys", "API keys")
    page.get_by_role("button", name="Create key").click()
    expect(page.get_by_role("dialog", name="Create key")).to_be_visible()
    check_both_themes(page)


def test_an_open_list_of_properties_has_no_fault(page: Page) -> None:
    visit(page, "/trends", "Trends")
    page.get_by_role("combobox", name="Break down by").click()
    expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
    check_both_themes(page)


@pytest.fixture
def no_favourites(server: Server) -> None:
    """Favourites of another test's would be in the sidebar too; what is archived is none."""
    for insight in server.api("GET", "/api/v1/insights?limit=200")["items"]:
        server.api("DELETE", f"/api/v1/insights/{insight['id']}")


@pytest.mark.usefixtures("no_favourites")
def test_the_sidebar_leads_to_every_page_that_is_tested(page: Page) -> None:
    visit(page, "/settings/members", "Members")
    sidebar = page.get_by_role("navigation", name="Main")
    while (folded := sidebar.get_by_role("button", expanded=False)).count():
        folded.first.press("Enter")
    links = sidebar.get_by_role("link").evaluate_all("links => links.map(link => link.pathname)")
    assert links == list(PAGES)


@pytest.mark.usefixtures("no_favourites")
def test_all_groups_of_the_sidebar_are_seen_at_once(page: Page) -> None:
    visit(page, "/settings", "Settings")
    sidebar = page.get_by_role("navigation", name="Main")
    groups = sidebar.get_by_role("heading", level=2)
    expect(groups).to_have_text(["Watch", "Analyse", "Audience", "Settings"])
    for group in groups.all():
        expect(group).to_be_in_viewport(ratio=1)
    expect(sidebar.get_by_role("link", name="Settings")).to_be_in_viewport(ratio=1)
    assert sidebar.evaluate("nav => nav.scrollHeight <= nav.clientHeight")


def test_a_folded_group_stays_folded_and_opens_for_its_page(page: Page) -> None:
    visit(page, "/", "Home")
    sidebar = page.get_by_role("navigation", name="Main")
    sidebar.get_by_role("button", name="Analyse").click()
    expect(sidebar.get_by_role("link", name="Funnels")).to_have_count(0)
    page.reload()
    expect(sidebar.get_by_role("button", name="Analyse", expanded=False)).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("f")
    expect(sidebar.get_by_role("link", name="Funnels")).to_have_attribute("aria-current", "page")


@pytest.fixture
def phone(open_context: Callable[..., BrowserContext], server: Server, signed_in: StorageState) -> Page:
    return open_context(base_url=server.url, storage_state=signed_in, viewport=PHONE, has_touch=True).new_page()


@pytest.mark.parametrize(("path", "heading"), PAGES.items())
def test_a_page_fits_a_phone(phone: Page, path: str, heading: str) -> None:
    visit(phone, path, heading)
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_phone_shows_results_before_the_builder(phone: Page) -> None:
    visit(phone, "/trends?range=7d", "Trends")
    expect(phone.get_by_role("heading", name="Series")).to_have_count(0)
    line = phone.get_by_role("button", name="Page view · Last 7 days")
    line.click()
    expect(phone.get_by_role("heading", name="Series")).to_be_visible()
    check_both_themes(phone)
    phone.get_by_role("button", name="Show results").click()
    expect(line).to_be_focused()
    expect(line).to_have_attribute("aria-expanded", "false")


def test_a_phone_opens_the_builder_of_what_is_not_asked_yet(phone: Page) -> None:
    visit(phone, "/funnels", "Funnels")
    expect(phone.get_by_role("heading", name="Steps")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_tooltip_stays_on_a_phone(phone: Page) -> None:
    visit(phone, "/", "Home")
    chart = phone.get_by_role("application", name="Unique people")
    places = chart.evaluate("chart => [0.05, 0.3, 0.5, 0.7, 0.95].map(share => share * chart.clientWidth)")
    for x in places:
        chart.hover(position={"x": x, "y": 80})
        expect(chart.get_by_role("status")).to_be_visible()
        box = chart.get_by_role("status").bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE["width"], x


def test_the_menu_of_a_phone_leads_to_a_page(phone: Page) -> None:
    visit(phone, "/settings/members", "Members")
    phone.get_by_role("button", name="Open menu").tap()
    phone.get_by_role("dialog").get_by_role("link", name="Data ledger").tap()
    expect(phone.get_by_role("heading", level=1, name="Data ledger")).to_be_visible()
