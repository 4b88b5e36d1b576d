"""Cohorts and segments: made by clicking, counted, used elsewhere, and read by those who may not change them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, Route, StorageState, expect

from tests.browser.conftest import PHONE
from tests.browser.reports import address
from tests.browser.steps import choose, search_of, settle, visit
from tests.browser.test_access import check_both_themes
from tests.browser.watch import Watch
from tests.support.server import Server

BUYERS = {"and": [{"type": "behaviour", "event": "purchase", "count": {"operator": "gte", "value": 1}, "days": 30}]}
POLL_MS = 2_000
VERA = {"email": "viewer-of-cohorts@example.com", "role": "viewer", "password": "a-long-test-password"}


@pytest.fixture(autouse=True)
def tidy(server: Server) -> Iterator[None]:
    """No cohort outlives its test."""
    yield
    for cohort in server.api("GET", "/api/v1/cohorts?limit=200")["items"]:
        # One may be made of another, which goes first.
        server.api("DELETE", f"/api/v1/cohorts/{cohort['id']}")


@pytest.fixture
def buyers(server: Server) -> int:
    """A cohort of alice and bob."""
    made = server.api("POST", "/api/v1/cohorts", {"name": "Buyers", "kind": "dynamic", "definition": BUYERS})
    return int(made["id"])


@pytest.fixture(scope="module")
def viewer_state(server: Server) -> Iterator[dict[str, str]]:
    added = server.api("POST", "/api/v1/projects/1/members", VERA)
    yield VERA
    server.api("DELETE", f"/api/v1/projects/1/members/{added['user']['id']}")


@pytest.fixture
def viewer(open_context: Callable[..., BrowserContext], server: Server, viewer_state: dict[str, str]) -> Page:
    """A page of vera's, who may only look."""
    context = open_context(base_url=server.url)
    asked = {"email": viewer_state["email"], "password": viewer_state["password"]}
    assert context.request.post("/api/v1/session", data=asked).ok
    return context.new_page()


def people(page: Page, cohort: str) -> list[str]:
    return page.get_by_role("region", name=f"People in {cohort}").locator("tbody tr a").all_inner_texts()


def name_tag(page: Page, tag: str) -> None:
    """Give a tag that nothing has yet."""
    page.get_by_role("combobox", name="Tags").click()
    page.get_by_placeholder("Find or name a tag").fill(tag)
    page.get_by_placeholder("Find or name a tag").press("Enter")


def test_a_rule_is_built_by_clicking_and_counted(page: Page) -> None:
    visit(page, "/cohorts", "Cohorts")
    page.get_by_role("link", name="New cohort").first.click()
    page.get_by_label("Name").fill("Twice")
    choose(page, page.get_by_role("combobox", name="Event"), "purchase")
    page.get_by_label("Times", exact=True).fill("2")
    expect(page.get_by_text("People who did purchase at least 2 times in the last 30 days.")).to_be_visible()
    page.get_by_role("button", name="Save and count").click()
    expect(page.get_by_role("heading", level=1, name="Twice")).to_be_visible()
    settle(page)
    assert people(page, "Twice") == ["alice"]


def test_a_rule_is_counted_while_it_is_written(page: Page, server: Server) -> None:
    visit(page, "/cohorts/new", "New cohort")
    expect(page.get_by_text("About 3 people match")).to_be_visible()
    choose(page, page.get_by_role("combobox", name="Event"), "purchase")
    expect(page.get_by_text("About 2 people match")).to_be_visible()
    examples = page.get_by_role("list", name="Some of them").get_by_role("link")
    assert sorted(name.split()[0] for name in examples.all_inner_texts()) == ["alice", "bob"]
    check_both_themes(page)
    page.get_by_label("Criterion", exact=True).select_option(label="are in the cohort")
    expect(page.get_by_text("before this change; complete the rule to count anew")).to_be_visible()
    check_both_themes(page)
    assert server.api("GET", "/api/v1/cohorts")["items"] == []


def test_cohorts_are_found_by_a_tag(page: Page, buyers: int) -> None:
    visit(page, f"/cohorts/{buyers}/edit", "Edit Buyers")
    name_tag(page, "money")
    page.get_by_role("button", name="Save and count").click()
    expect(page.get_by_role("heading", level=1, name="Buyers")).to_be_visible()
    visit(page, "/cohorts", "Cohorts")
    box = page.get_by_role("combobox", name="Tag")
    choose(page, box, "money")
    expect(page.get_by_role("link", name="Buyers")).to_be_visible()
    assert search_of(page)["tag"] == "money"
    check_both_themes(page)


def test_a_rule_may_nest(page: Page, server: Server) -> None:
    visit(page, "/cohorts/new", "New cohort")
    page.get_by_label("Name").fill("Nested")
    page.get_by_role("button", name="Add group").click()
    inner = page.get_by_role("group", name="Group of criteria")
    inner.get_by_label("How the criteria of this group are joined").select_option(label="none of these")
    choose(page, inner.get_by_role("combobox", name="Event"), "purchase")
    page.get_by_role("button", name="Save and count").click()
    expect(page.get_by_role("heading", level=1, name="Nested")).to_be_visible()
    settle(page)
    assert people(page, "Nested") == ["carol"]
    (kept,) = server.api("GET", "/api/v1/cohorts")["items"]
    assert [*kept["definition"]["and"][1]] == ["not"]


def test_a_list_of_ids_becomes_a_cohort(page: Page) -> None:
    visit(page, "/cohorts/new", "New cohort")
    page.get_by_label("Name").fill("Interviewed")
    page.get_by_role("radio", name="By a list").click()
    page.get_by_label("Distinct ids").fill("alice\nnobody")
    page.get_by_role("button", name="Save cohort").click()
    expect(page.get_by_text("1 of the ids belong to nobody.")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Interviewed")).to_be_visible()
    settle(page)
    assert people(page, "Interviewed") == ["alice"]


def test_a_csv_file_becomes_a_cohort(page: Page) -> None:
    visit(page, "/cohorts/new", "New cohort")
    page.get_by_label("Name").fill("Imported")
    page.get_by_role("radio", name="By a list").click()
    file: FilePayload = {
        "name": "people.csv",
        "mimeType": "text/csv",
        "buffer": b"plan,distinct_id\nfree,bob\nfree,carol\n",
    }
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("people.csv")).to_be_visible()
    page.get_by_role("button", name="Save cohort").click()
    expect(page.get_by_role("heading", level=1, name="Imported")).to_be_visible()
    settle(page)
    assert sorted(people(page, "Imported")) == ["bob", "carol"]


def test_people_are_added_to_a_list(page: Page, server: Server) -> None:
    made = server.api("POST", "/api/v1/cohorts", {"name": "Invited", "kind": "static", "distinct_ids": ["bob"]})
    visit(page, f"/cohorts/{made['id']}", "Invited")
    page.get_by_role("button", name="Add or remove").click()
    page.get_by_label("Distinct ids").fill("carol")
    page.get_by_role("button", name="Add people").click()
    expect(page.get_by_text("2 people are on the list now.")).to_be_visible()


def test_an_edited_rule_can_be_taken_back(page: Page, buyers: int) -> None:
    visit(page, f"/cohorts/{buyers}/edit", "Edit Buyers")
    page.get_by_label("Times", exact=True).fill("2")
    page.get_by_role("button", name="Save and count").click()
    expect(page.get_by_role("heading", level=1, name="Buyers", exact=True)).to_be_visible()
    settle(page)
    assert people(page, "Buyers") == ["alice"]
    page.get_by_role("button", name="Take back version 1").click()
    expect(page.get_by_role("region", name="People in Buyers").get_by_role("link")).to_have_count(2)


def test_a_cohort_leads_to_trends_about_it(page: Page, buyers: int) -> None:
    visit(page, f"/cohorts/{buyers}", "Buyers")
    page.get_by_role("link", name="Use in Trends").click()
    expect(page.get_by_role("button", name="Remove filter: In cohort Buyers")).to_be_visible()


def test_the_list_of_people_is_narrowed_to_a_cohort(page: Page, buyers: int) -> None:
    visit(page, f"/people?cohort={buyers}", "People")
    expect(page.get_by_role("heading", name="2 people")).to_be_visible()
    page.get_by_role("button", name="Show people outside of Buyers too").click()
    expect(page.get_by_role("heading", name="3 people")).to_be_visible()


def test_a_cohort_is_deleted_after_a_question(page: Page, buyers: int, server: Server) -> None:
    visit(page, f"/cohorts/{buyers}", "Buyers")
    page.get_by_role("button", name="More for this cohort").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete cohort").click()
    expect(page.get_by_role("heading", level=1, name="Cohorts")).to_be_visible()
    assert server.api("GET", "/api/v1/cohorts")["items"] == []


def test_a_cohort_that_is_still_counted_is_not_asked_for_once_it_is_deleted(page: Page, buyers: int) -> None:
    asked: list[str] = []

    def count_on(route: Route) -> None:
        """The page asks every two seconds until a cohort is counted; this one never is, and is slow to delete."""
        asked.append(route.request.method)
        answer = route.fetch()
        if route.request.method == "DELETE":
            page.wait_for_timeout(POLL_MS + 500)
            route.fulfill(response=answer)
        else:
            route.fulfill(response=answer, json={**answer.json(), "calculating": True})

    page.route(f"**/api/v1/projects/1/cohorts/{buyers}", count_on)
    page.goto(f"/cohorts/{buyers}")
    page.get_by_role("button", name="More for this cohort").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete cohort").click()
    expect(page.get_by_role("heading", level=1, name="Cohorts")).to_be_visible()
    assert asked[-1] == "DELETE"


def test_thresholds_of_segments_are_changed(page: Page, server: Server) -> None:
    visit(page, "/segments", "Segments")
    before = server.api("GET", "/api/v1/segments")["rules"]
    page.get_by_role("button", name="Change thresholds").click()
    dialog = page.get_by_role("dialog", name="Thresholds of the segments")
    dialog.get_by_label("New").fill("1")
    dialog.get_by_role("button", name="Save and count").click()
    expect(page.get_by_text("First seen today.")).to_be_visible()
    server.api("PATCH", "/api/v1/segments/rules", before)


def test_a_threshold_that_cannot_be_is_refused_beside_its_field(page: Page, watch: Watch) -> None:
    watch.allow("status of 422")
    visit(page, "/segments", "Segments")
    page.get_by_role("button", name="Change thresholds").click()
    dialog = page.get_by_role("dialog", name="Thresholds of the segments")
    dialog.get_by_label("Power").fill("40")
    dialog.get_by_role("button", name="Save and count").click()
    expect(dialog.get_by_role("alert")).to_contain_text("window_days")


def test_a_cell_of_the_grid_shows_its_people(page: Page) -> None:
    visit(page, "/segments", "Segments")
    choose(page, page.get_by_role("combobox", name="Event"), "purchase")
    cells = page.get_by_role("table", name="People by recency and frequency").get_by_role("button")
    expect(cells.first).to_be_visible()
    assert search_of(page)["event"] == "purchase"
    cells.first.click()
    expect(page.get_by_role("dialog").get_by_role("table")).to_contain_text(re.compile("alice|bob"))


def test_rfm_is_kept_and_opened_from_the_list(page: Page) -> None:
    visit(page, address("/segments", event="purchase", property="amount", days=90), "Segments")
    expect(page.get_by_role("table", name="Named segments")).to_be_visible()
    page.get_by_role("button", name="How this is counted").click()
    expect(page.get_by_role("dialog")).to_contain_text("by fifths")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("dialog", name="Save insight").get_by_label("Name").fill("Who is worth most")
    page.get_by_role("button", name="Save insight").click()
    visit(page, "/saved", "Saved")
    page.get_by_role("main").get_by_role("link", name="Who is worth most").click()
    expect(page.get_by_role("heading", level=2, name="Who is worth most")).to_be_visible()
    expect(page.get_by_role("combobox", name="Amount")).to_have_text("amount")
    check_both_themes(page)


def test_who_may_only_look_sees_no_way_to_change(viewer: Page, buyers: int) -> None:
    visit(viewer, "/cohorts", "Cohorts")
    expect(viewer.get_by_role("link", name="Buyers")).to_be_visible()
    expect(viewer.get_by_role("link", name="New cohort")).to_have_count(0)
    visit(viewer, f"/cohorts/{buyers}", "Buyers")
    for name in ("Count anew", "More for this cohort"):
        expect(viewer.get_by_role("button", name=name)).to_have_count(0)
    visit(viewer, "/cohorts/new", "New cohort")
    expect(viewer.get_by_text("analysts can make them")).to_be_visible()
    visit(viewer, "/segments", "Segments")
    expect(viewer.get_by_role("button", name="Change thresholds")).to_have_count(0)


def test_the_builder_has_no_fault_in_either_theme(page: Page) -> None:
    visit(page, "/cohorts/new", "New cohort")
    page.get_by_role("button", name="Add group").click()
    page.get_by_label("Criterion", exact=True).last.select_option(label="did one after the other")
    check_both_themes(page)


def test_a_cohort_and_the_grid_have_no_fault_in_either_theme(page: Page, buyers: int) -> None:
    visit(page, f"/cohorts/{buyers}", "Buyers")
    check_both_themes(page)
    visit(page, "/segments?event=purchase&property=amount", "Segments")
    check_both_themes(page)


@pytest.fixture
def phone(open_context: Callable[..., BrowserContext], server: Server, signed_in: StorageState) -> Page:
    return open_context(base_url=server.url, storage_state=signed_in, viewport=PHONE, has_touch=True).new_page()


def test_the_builder_and_the_grid_fit_a_phone(phone: Page, buyers: int) -> None:
    for path, heading in ((f"/cohorts/{buyers}/edit", "Edit Buyers"), ("/segments?event=purchase", "Segments")):
        visit(phone, path, heading)
        assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"], path
