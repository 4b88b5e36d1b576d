from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import visit
from tests.support.server import Server

FIGURES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Unique people", {"event": None, "math": "unique"}),
    ("Events", {"event": None, "math": "total"}),
    ("Page views", {"event": "$pageview", "math": "total"}),
)


@pytest.mark.parametrize(("label", "series"), FIGURES)
def test_a_figure_is_what_the_api_says(page: Page, server: Server, label: str, series: dict[str, Any]) -> None:
    said = server.query(kind="trends", series=[series], date_from="-6d", interval="day")["series"][0]["total"]
    assert said > 0
    visit(page, "/?range=7d", "Home")
    expect(page.get_by_role("tab").filter(has=page.get_by_text(label, exact=True))).to_contain_text(f"{said:,}")


def test_a_row_filters_the_whole_page(page: Page) -> None:
    visit(page, "/?range=7d", "Home")
    page.get_by_role("button", name="/pricing").click()
    expect(page.get_by_role("button", name="Remove filter: Page is /pricing")).to_be_visible()
    expect(page.get_by_role("tab", name="Unique people")).to_contain_text("1")
