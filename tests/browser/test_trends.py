"""The explorer: a report is built by clicking, lives in its address, and can be taken elsewhere."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.reports import people_of
from tests.browser.steps import choose, search_of, settle, table, totals, visit
from tests.support.server import Server

BY_PLAN = (
    "/trends?range=7d&series=%5B%7B%22event%22%3A%22purchase%22%2C%22math%22%3A%22total%22%7D%5D"
    "&breakdown=%7B%22type%22%3A%22event%22%2C%22property%22%3A%22plan%22%7D"
)


def test_a_series_is_built_by_clicking(page: Page) -> None:
    visit(page, "/trends?range=7d", "Trends")
    choose(page, page.get_by_role("combobox", name="Event of series A"), "purchase")
    page.get_by_label("How series A is counted").select_option(label="Sum of")
    choose(page, page.get_by_role("combobox", name="Property of series A"), "amount")
    expect(page.get_by_role("heading", name="purchase: sum of amount")).to_be_visible()
    expect(page.get_by_role("button", name="55, purchase")).to_be_visible()


def test_a_breakdown_makes_one_line_of_each_value(page: Page) -> None:
    visit(page, "/trends?range=7d", "Trends")
    choose(page, page.get_by_role("combobox", name="Break down by"), "plan")
    expect(page.get_by_role("cell", name="free", exact=True)).to_be_visible()
    assert totals(page) == {"pro": "2", "free": "2"}


def test_a_filter_narrows_the_report(page: Page) -> None:
    visit(page, "/trends?range=7d", "Trends")
    page.get_by_role("button", name="Filter", exact=True).last.click()
    choose(page, page.get_by_role("combobox", name="Property"), "plan")
    choose(page, page.get_by_role("combobox", name="Value"), "pro")
    page.get_by_role("button", name="Add filter").click()
    expect(page.get_by_role("button", name="Remove filter: plan is pro")).to_be_visible()
    expect(page.get_by_role("row", name="Page view")).to_contain_text("2")


def test_the_interval_changes_the_buckets(page: Page) -> None:
    visit(page, "/trends?range=7d", "Trends")
    expect(page.get_by_role("columnheader")).to_have_count(9)
    page.get_by_label("Interval").select_option(label="By hour")
    expect(page.get_by_role("columnheader")).not_to_have_count(9)
    assert search_of(page)["interval"] == "hour"


def test_comparing_shows_the_period_before(page: Page) -> None:
    visit(page, "/trends?range=7d", "Trends")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("columnheader", name="Before")).to_be_visible()
    expect(page).to_have_url(re.compile("compare=true"))


def test_the_address_alone_restores_the_report(page: Page, alice: BrowserContext) -> None:
    visit(page, "/trends?range=7d", "Trends")
    choose(page, page.get_by_role("combobox", name="Event of series A"), "purchase")
    choose(page, page.get_by_role("combobox", name="Break down by"), "plan")
    expect(page.get_by_role("cell", name="free", exact=True)).to_be_visible()
    settle(page)
    other = alice.new_page()
    visit(other, page.url, "Trends")
    assert table(other) == table(page)
    assert totals(other) == {"pro": "2", "free": "1"}


def test_the_csv_holds_what_the_table_shows(page: Page, tmp_path: Path) -> None:
    visit(page, BY_PLAN, "Trends")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "trends.csv")
    with (tmp_path / "trends.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert [row[1:] for row in rows[1:]] == [row[1:] for row in table(page)[1:]]
    assert [row[0] for row in rows] == ["Series", "pro", "free"]


def test_the_sql_of_a_report_can_be_read(page: Page) -> None:
    visit(page, BY_PLAN, "Trends")
    page.get_by_role("button", name="Show SQL").click()
    dialog = page.get_by_role("dialog", name="SQL of this report")
    expect(dialog).to_contain_text("SELECT")
    expect(dialog).to_contain_text("project_id")


def test_the_table_says_what_the_api_says(page: Page, server: Server) -> None:
    question = {"kind": "trends", "series": [{"event": "$pageview", "math": "unique"}], "date_from": "-6d"}
    said = server.query(**question, interval="day")["series"][0]
    visit(page, "/trends?range=7d", "Trends")
    page.get_by_label("How series A is counted").select_option(label="Unique people")
    row = page.get_by_role("row", name="Page view: unique people")
    expect(row).to_be_visible()
    assert table(page)[1][1:] == [str(said["total"]), *map(str, said["data"])]


def test_a_number_of_the_table_leads_to_its_people(page: Page) -> None:
    visit(page, BY_PLAN, "Trends")
    assert people_of(page, page.get_by_role("button", name="1, free: show people")) == ["bob"]


def test_people_behind_a_number_become_a_cohort(page: Page, server: Server) -> None:
    visit(page, BY_PLAN, "Trends")
    page.get_by_role("button", name="2, pro: show people").click()
    page.get_by_role("button", name="Save as cohort").click()
    page.get_by_label("Name of the cohort").fill("Pro buyers")
    page.get_by_role("button", name="Save cohort").click()
    expect(page.get_by_text("The cohort Pro buyers is saved.")).to_be_visible()
    assert "Pro buyers" in [one["name"] for one in server.api("GET", "/api/v1/cohorts")["items"]]


def test_another_zone_moves_the_days(page: Page) -> None:
    visit(page, "/trends?range=7d&zone=Pacific%2FAuckland", "Trends")
    expect(page.get_by_text("Times in Pacific/Auckland")).to_be_visible()
