"""What people do on these pages, in one place, so that tests read as what they are about."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

# Each page of the sidebar with its heading.
PAGES = {
    "/": "Home",
    "/live": "Live",
    "/saved": "Saved",
    "/trends": "Trends",
    "/funnels": "Funnels",
    "/conversion": "Conversion",
    "/retention": "Retention",
    "/paths": "Paths",
    "/journeys": "Journeys",
    "/events": "Top events",
    "/stickiness": "Stickiness",
    "/lifecycle": "Lifecycle",
    "/active-users": "Active users",
    "/sql": "SQL",
    "/annotations": "Annotations",
    "/people": "People",
    "/cohorts": "Cohorts",
    "/segments": "Segments",
    "/groups": "Groups",
    "/install": "Install",
    "/settings/ledger": "Data ledger",
    "/settings/members": "Members",
    "/settings/keys": "API keys",
    "/settings": "Settings",
}


def visit(page: Page, path: str, heading: str) -> None:
    """Open a page and wait until all its panels have their data."""
    page.goto(path)
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    settle(page)


def settle(page: Page) -> None:
    """Wait until nothing on the page is loading."""
    expect(page.locator("main [aria-busy=true]")).to_have_count(0)


def choose(page: Page, box: Locator, words: str) -> None:
    """Open a combobox, type, and take the option of exactly that name."""
    box.click()
    page.locator("input[role=combobox]").fill(words)
    page.get_by_role("option").filter(has=page.get_by_text(words, exact=True)).first.click()


def table(page: Page) -> list[list[str]]:
    """The cells of the report's table, its head first."""
    rows = page.get_by_role("region", name="Values by series and time").get_by_role("row")
    found: list[list[str]] = rows.evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return found


def totals(page: Page) -> dict[str, str]:
    """Total by the name of the series, as the table shows them."""
    return {row[0]: row[1] for row in table(page)[1:]}


def search_of(page: Page) -> dict[str, Any]:
    """The search parameters of the address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def sign_in(page: Page, email: str, password: str) -> None:
    """Fill in the sign-in form and send it."""
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
