"""What all reports have in common: their addresses, the people behind a number, and how they are saved."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect


def address(path: str, **state: Any) -> str:
    """The address of a report; what is not text is JSON there."""
    fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in state.items()}
    return f"{path}?{urlencode(fields)}"


def people_of(page: Page, number: Locator) -> list[str]:
    """Open the people behind a number, and close them again."""
    number.click()
    listed = page.get_by_role("dialog").get_by_role("region", name="People behind this number")
    expect(listed).to_be_visible()
    names: list[str] = listed.get_by_role("row").evaluate_all(
        "rows => rows.slice(1).map(row => row.cells[0].innerText.trim().split('\\n')[0])"
    )
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    return sorted(names)


def cells(page: Page, caption: str) -> list[list[str]]:
    """The cells of a table by its caption, its head first."""
    rows = page.get_by_role("region", name=caption).get_by_role("row")
    expect(rows.first).to_be_visible()
    found: list[list[str]] = rows.evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return found


def save_as(page: Page, name: str) -> None:
    """Keep the report of this page under a name."""
    page.get_by_role("button", name="Save", exact=True).click()
    dialog = page.get_by_role("dialog", name="Save insight")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="Save insight").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
