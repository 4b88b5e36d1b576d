"""What people keep: saved insights with favourites, tags and versions, and notes at moments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import search_of, settle, visit
from tests.browser.test_access import check_both_themes
from tests.support.server import Server

VISITS = {"kind": "trends", "series": [{"event": "$pageview"}], "date_from": "-7d"}
SALES = {"kind": "funnel", "steps": [{"event": "$pageview"}, {"event": "purchase"}], "date_from": "-7d"}


@pytest.fixture(autouse=True)
def tidy(server: Server) -> Iterator[None]:
    """Notes go for good after a test, insights into the archive."""
    yield
    for kind in ("insights", "annotations"):
        for thing in server.api("GET", f"/api/v1/{kind}?limit=200")["items"]:
            server.api("DELETE", f"/api/v1/{kind}/{thing['id']}")


@pytest.fixture
def visits(server: Server) -> dict[str, Any]:
    """A saved insight about visits, and one about sales beside it."""
    server.api("POST", "/api/v1/insights", {"name": "Sales", "query": SALES})
    made: dict[str, Any] = server.api(
        "POST",
        "/api/v1/insights",
        {"name": "Visits", "query": VISITS, "tags": ["board"], "description": "Every Monday"},
    )
    return made


def row(page: Page, name: str) -> Any:
    return page.get_by_role("region", name="Saved insights").get_by_role("row").filter(has_text=name)


def test_an_insight_opens_on_the_page_of_its_kind(page: Page, visits: dict[str, Any]) -> None:
    visit(page, "/saved", "Saved")
    row(page, "Visits").get_by_role("link", name="Visits").click()
    expect(page.get_by_role("heading", level=1, name="Visits")).to_be_visible()
    assert search_of(page)["insight"] == str(visits["id"])


@pytest.mark.usefixtures("visits")
def test_a_funnel_opens_on_the_page_of_funnels(page: Page) -> None:
    visit(page, "/saved", "Saved")
    row(page, "Sales").get_by_role("link", name="Sales").click()
    expect(page).to_have_url(re.compile("/funnels.*insight="))


@pytest.mark.usefixtures("visits")
def test_a_favourite_is_in_the_sidebar(page: Page) -> None:
    visit(page, "/saved", "Saved")
    page.get_by_role("button", name="Add Visits to favourites").click()
    favourites = page.get_by_role("region", name="Favourites")
    expect(favourites.get_by_role("link", name="Visits")).to_be_visible()
    page.get_by_role("button", name="Remove Visits from favourites").click()
    expect(favourites).to_have_count(0)


@pytest.mark.usefixtures("visits")
def test_the_list_is_narrowed_by_words_and_by_tag(page: Page) -> None:
    visit(page, "/saved", "Saved")
    page.get_by_label("Search insights").fill("monday")
    expect(row(page, "Sales")).to_have_count(0)
    expect(row(page, "Visits")).to_be_visible()
    page.get_by_label("Search insights").fill("")
    expect(row(page, "Sales")).to_be_visible()
    page.get_by_role("combobox", name="Tag").click()
    page.get_by_role("option", name="board").click()
    expect(row(page, "Sales")).to_have_count(0)


@pytest.mark.usefixtures("visits")
def test_renaming_changes_the_name_and_the_tags(page: Page) -> None:
    visit(page, "/saved", "Saved")
    page.get_by_role("button", name="More for Visits").click()
    page.get_by_role("menuitem", name="Rename and tags").click()
    page.get_by_label("Name", exact=True).fill("Guests")
    page.get_by_label("Tags").fill("board, weekly")
    page.get_by_role("button", name="Rename").click()
    expect(row(page, "Guests")).to_contain_text("weekly")


def test_an_old_version_is_restored(page: Page, server: Server, visits: dict[str, Any]) -> None:
    server.api("PATCH", f"/api/v1/insights/{visits['id']}", {"name": "Guests"})
    visit(page, "/saved", "Saved")
    page.get_by_role("button", name="More for Guests").click()
    page.get_by_role("menuitem", name="Versions").click()
    page.get_by_role("button", name="Restore version 1").click()
    expect(page.get_by_role("dialog").get_by_role("listitem")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(row(page, "Visits")).to_be_visible()


def test_an_insight_opens_as_it_was_shown(page: Page, server: Server, visits: dict[str, Any]) -> None:
    path = f"/api/v1/insights/{visits['id']}"
    visit(page, f"/trends?insight={visits['id']}", "Visits")
    page.get_by_role("radio", name="Bar", exact=True).click()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("The changes are saved.")).to_be_visible()
    expect(page.get_by_role("button", name="Save changes")).to_have_count(0)
    assert server.api("GET", path)["display"] == {"chart": "bar"}
    visit(page, f"/trends?insight={visits['id']}", "Visits")
    expect(page.get_by_role("radio", name="Bar", exact=True)).to_be_checked()

    server.api("POST", f"{path}/versions/1/restoration")
    visit(page, f"/trends?insight={visits['id']}", "Visits")
    expect(page.get_by_role("radio", name="Line", exact=True)).to_be_checked()


def test_an_insight_is_archived_and_brought_back(page: Page, server: Server) -> None:
    server.api("POST", "/api/v1/insights", {"name": "Bygone", "query": VISITS})
    visit(page, "/saved", "Saved")
    page.get_by_role("button", name="More for Bygone").click()
    page.get_by_role("menuitem", name="Archive").click()
    expect(row(page, "Bygone")).to_have_count(0)
    page.get_by_role("button", name="Archived", exact=True).click()
    page.get_by_role("button", name="More for Bygone").click()
    page.get_by_role("menuitem", name="Bring back").click()
    expect(row(page, "Bygone")).to_have_count(0)
    assert "Bygone" in [insight["name"] for insight in server.api("GET", "/api/v1/insights")["items"]]


def test_a_note_is_made_changed_and_deleted(page: Page) -> None:
    visit(page, "/annotations", "Annotations")
    page.get_by_role("button", name="New annotation").click()
    page.get_by_label("What happened").fill("Sale begins")
    page.get_by_label("Day").fill("2026-03-01")
    page.get_by_role("button", name="Save annotation").click()
    expect(page.get_by_role("cell", name="1 Mar 2026")).to_be_visible()

    page.get_by_role("button", name="Edit: Sale begins").click()
    page.get_by_label("What happened").fill("Sale ends")
    page.get_by_role("button", name="Save changes").click()
    page.get_by_role("button", name="Delete: Sale ends").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete annotation").click()
    expect(page.get_by_text("No annotations yet")).to_be_visible()


@pytest.mark.usefixtures("visits")
def test_the_lists_have_no_fault_in_either_theme(page: Page, server: Server) -> None:
    server.api("POST", "/api/v1/annotations", {"text": "Sale begins", "date": "2026-03-01"})
    for path, heading in (("/saved", "Saved"), ("/annotations", "Annotations")):
        visit(page, path, heading)
        settle(page)
        check_both_themes(page)


def test_a_note_is_written_changed_and_deleted_on_the_chart(page: Page) -> None:
    visit(page, "/trends?range=7d", "Trends")
    chart = page.get_by_role("application")
    chart.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("n")
    page.get_by_label("What happened").fill("Sale begins")
    page.get_by_role("button", name="Save annotation").click()
    mark = chart.get_by_role("button", name=re.compile("Sale begins"))
    mark.click()
    page.get_by_role("button", name="Edit: Sale begins").click()
    page.get_by_label("What happened").fill("Sale ends")
    page.get_by_role("button", name="Save changes").click()
    chart.get_by_role("button", name=re.compile("Sale ends")).click()
    page.get_by_role("button", name="Delete: Sale ends").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete annotation").click()
    expect(chart.get_by_role("button", name=re.compile("Sale"))).to_have_count(0)


def test_a_note_is_added_by_mouse_and_from_the_frame(page: Page, server: Server) -> None:
    visit(page, "/trends?range=7d", "Trends")
    page.get_by_role("application").hover()
    page.get_by_role("button", name=re.compile("^Add a note:")).click()
    page.get_by_label("What happened").fill("Sale begins")
    page.get_by_role("button", name="Save annotation").click()
    expect(page.get_by_role("application").get_by_role("button", name=re.compile("Sale begins"))).to_be_visible()
    page.get_by_role("button", name="Add note", exact=True).click()
    expect(page.get_by_role("textbox", name="Day")).to_have_value(datetime.now(UTC).date().isoformat())
    assert [note["scope"] for note in server.api("GET", "/api/v1/annotations")["items"]] == ["project"]


def test_a_note_is_on_the_chart_of_its_time(page: Page, server: Server) -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    server.api("POST", "/api/v1/annotations", {"text": "Sale begins", "date": yesterday.isoformat()})
    visit(page, "/trends?range=7d", "Trends")
    mark = page.get_by_role("application").get_by_role("button", name=re.compile("Sale begins"))
    mark.click()
    expect(page.get_by_role("dialog", name=re.compile("^Annotations of"))).to_contain_text("Sale begins")
    check_both_themes(page)
