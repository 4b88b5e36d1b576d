"""The build hook puts the web UI into the wheel, and leaves everything else alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hatch_build import BUILT, WebUiHook

# Stands where scripts/npm.py stands, writes down how it was called, and builds a page.
NPM = f"""
import pathlib, sys
root = pathlib.Path(__file__).parent.parent
with (root / "calls").open("a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
page = root / "{BUILT}"
if "build" in sys.argv and not (root / "broken").exists():
    page.parent.mkdir(parents=True)
    page.write_text("built")
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "npm.py").write_text(NPM)
    return tmp_path


def hook(root: Path, target: str = "wheel") -> WebUiHook:
    parts: dict[str, Any] = {"build_config": None, "metadata": None, "directory": "", "target_name": target}
    return WebUiHook(str(root), {}, **parts)


def calls(root: Path) -> list[str]:
    return (root / "calls").read_text().splitlines() if (root / "calls").exists() else []


def test_builds_the_ui_into_a_wheel(tree: Path) -> None:
    hook(tree).initialize("standard", {})
    assert (tree / BUILT).read_text() == "built"
    assert calls(tree) == ["ci --no-audit --no-fund", "run build"]


def test_keeps_a_ui_that_is_built(tree: Path) -> None:
    hook(tree).initialize("standard", {})
    hook(tree).initialize("standard", {})
    assert len(calls(tree)) == 2


def test_leaves_editable_installs_and_source_distributions_alone(tree: Path) -> None:
    hook(tree).initialize("editable", {})
    hook(tree, "sdist").initialize("standard", {})
    assert calls(tree) == []


def test_a_build_without_a_page_is_an_error(tree: Path) -> None:
    (tree / "broken").touch()
    with pytest.raises(RuntimeError, match=r"no index\.html"):
        hook(tree).initialize("standard", {})
