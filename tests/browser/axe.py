"""Axe-core, run inside a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is now: rule, words and the first places."""
    if not SCRIPT.exists():
        pytest.skip("axe-core is not installed: run `make setup`")
    # The address changes before the page's code has arrived.
    page.locator("h1").first.wait_for(state="attached")
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    report = page.evaluate("rules => axe.run({ runOnly: rules, resultTypes: ['violations'] })", RULES)
    return [f"{found['id']}: {found['help']} {_places(found['nodes'])}" for found in report["violations"]]


def _places(nodes: list[dict[str, list[str]]]) -> str:
    return ", ".join(" ".join(node["target"]) for node in nodes[:5])
