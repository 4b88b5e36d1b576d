"""Writes the pages of docs/ that come from the code; `--check` only says which ones are out of date."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from scripts.tree import ROOT, finish

# Each page and the module under scripts/reference that renders it.
PAGES = (
    ("configuration.md", "settings"),
    ("reference/drop-reasons.md", "reasons"),
    ("reference/sql-functions.md", "sql"),
    ("reference/cli.md", "cli"),
    ("reference/http-api.md", "http"),
)
NOTE = "<!-- Made by `make reference` from the code; edit that, not this. -->\n"


def main(args: list[str]) -> None:
    """Write the pages, or compare them."""
    stale = [name for name, module in PAGES if not _settle(ROOT / "docs" / name, module, write="--check" not in args)]
    faults = [f"docs/{name}:1 differs from the code; run `make reference`" for name in stale]
    finish(faults, f"{len(PAGES)} generated pages agree with the code")


def _settle(path: Path, module: str, *, write: bool) -> bool:
    """Whether the page says what the code says, afterwards."""
    text = NOTE + importlib.import_module(f"scripts.reference.{module}").render()
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return True
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return write


if __name__ == "__main__":
    main(sys.argv[1:])
