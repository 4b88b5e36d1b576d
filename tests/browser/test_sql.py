"""The SQL page: a statement is written, run by keyboard, and kept."""

from __future__ import annotations

import pyarrow.parquet
from playwright.sync_api import Page, expect

from tests.browser.reports import address, cells, people_of, save_as
from tests.browser.steps import search_of, settle, visit
from tests.browser.test_access import check_both_themes
from tests.browser.watch import Watch

# Of the shop's own events: the tests of Live send one more, to the same server.
COUNT = "SELECT event, count() AS events FROM events WHERE event IN ('$pageview', 'purchase') GROUP BY event ORDER BY 1"


def test_a_statement_is_written_and_run_by_keyboard(page: Page) -> None:
    visit(page, "/sql", "SQL")
    page.get_by_role("textbox", name="SQL statement").click()
    page.keyboard.insert_text(COUNT)
    page.keyboard.press("Control+Enter")
    assert cells(page, "Rows of the result") == [["event", "events"], ["$pageview", "4"], ["purchase", "3"]]
    assert search_of(page)["sql"] == COUNT


def test_letters_typed_into_the_editor_are_no_shortcuts(page: Page) -> None:
    visit(page, "/sql", "SQL")
    page.get_by_role("textbox", name="SQL statement").click()
    page.keyboard.type("g h ?")
    expect(page.get_by_role("heading", level=1, name="SQL")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_wrong_statement_is_explained(page: Page, watch: Watch) -> None:
    watch.allow("status of 422")
    visit(page, address("/sql", sql="SELECT nothing FROM nowhere"), "SQL")
    expect(page.get_by_role("alert")).to_contain_text("nowhere")


def test_rows_that_name_people_lead_to_them(page: Page) -> None:
    buyers = "SELECT person, count() AS orders FROM events WHERE event = 'purchase' GROUP BY person"
    visit(page, address("/sql", sql=buyers), "SQL")
    assert people_of(page, page.get_by_role("button", name="People", exact=True)) == ["alice", "bob"]
    visit(page, address("/sql", sql=COUNT), "SQL")
    settle(page)
    expect(page.get_by_role("button", name="People", exact=True)).to_have_count(0)


MANY = "SELECT arrayJoin(range(1500)) AS n, concat('=', toString(n)) AS text"


def test_a_file_holds_the_whole_answer(page: Page) -> None:
    visit(page, address("/sql", sql=MANY), "SQL")
    expect(page.get_by_text("or for all as a file")).to_be_visible()
    with page.expect_download() as csv_file:
        page.get_by_role("button", name="CSV", exact=True).click()
    lines = csv_file.value.path().read_text(encoding="utf-8").splitlines()
    assert (len(lines), lines[0], lines[-1]) == (1501, '"n","text"', """1499,"'=1499\"""")
    with page.expect_download() as parquet_file:
        page.get_by_role("button", name="Parquet", exact=True).click()
    table = pyarrow.parquet.read_table(parquet_file.value.path())
    assert table.column("text").to_pylist()[-1] == "=1499"
    assert parquet_file.value.suggested_filename.endswith(".parquet")


def test_a_file_that_cannot_be_is_explained(page: Page, watch: Watch) -> None:
    watch.allow("status of 422")
    visit(page, address("/sql", sql="SELECT arrayJoin(range(1100)) AS a, arrayJoin(range(1101)) AS b"), "SQL")
    page.get_by_role("button", name="CSV", exact=True).click()
    expect(page.get_by_text("the answer has more than 1.00 million rows")).to_be_visible()
    expect(page.get_by_role("button", name="CSV", exact=True)).to_be_focused()


def test_tables_are_listed_with_their_columns(page: Page) -> None:
    visit(page, "/sql", "SQL")
    expect(page.get_by_role("button", name="distinct_id String")).to_be_visible()
    page.get_by_role("button", name="Write the table").first.click()
    expect(page.get_by_role("textbox", name="SQL statement")).to_contain_text("SELECT * FROM events LIMIT 100")


def test_a_query_is_kept_and_found_again(page: Page) -> None:
    visit(page, address("/sql", sql=COUNT), "SQL")
    save_as(page, "Events by name")
    page.goto("/sql")
    page.get_by_role("link", name="Events by name").last.click()
    settle(page)
    assert cells(page, "Rows of the result")[1:] == [["$pageview", "4"], ["purchase", "3"]]
    check_both_themes(page)
