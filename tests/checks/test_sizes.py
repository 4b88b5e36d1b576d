"""The size check finds what it says it finds, and lets through what it says it lets through."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.check_sizes import MAX_POSITIONAL, check_names, check_python

TOO_MANY = ", ".join("abcdefgh"[: MAX_POSITIONAL + 1])


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("def f():\n" + "    x = 1\n" * 60, "has 61 lines"),
        (f"def f({TOO_MANY}): ...", f"takes {MAX_POSITIONAL + 1} arguments by position"),
        ("def f(*, a, b, c, d, e, g, h): ...", "takes 7 arguments"),
        ("def f(a: bool): ...", "takes the boolean `a` by position"),
        (f"class C:\n    def f(self, {TOO_MANY}): ...", f"takes {MAX_POSITIONAL + 1} arguments by position"),
        ("try:\n    f()\nexcept Exception:\n    pass", "neither logs nor raises"),
        ("x = 1  # TO" + "DO later", "left open"),
        ("x = 1\n" * 601, "has 601 lines"),
    ],
)
def test_finds(source: str, fault: str) -> None:
    assert any(fault in found for found in check_python(source))


@pytest.mark.parametrize(
    "source",
    [
        "def f(a, b, *, c: bool, d=1): ...",
        "class C:\n    def f(self, a, b): ...",
        "class C:\n    def __exit__(self, kind, error, trace): ...",
        "async def app(scope, receive, send): ...",
        "@app.command()\ndef f(a, b, c, d, e, g, h: bool): ...",
        f"def f({TOO_MANY}): ...  # shape: the protocol calls it so",
        "try:\n    f()\nexcept Exception:\n    log.exception('failed')",
        "try:\n    f()\nexcept Exception:\n    clean()\n    raise",
    ],
)
def test_lets_through(source: str) -> None:
    assert check_python(source) == []


def test_counts_nesting_without_elif() -> None:
    chain = "def f(x):\n    if x:\n        pass\n" + "    elif x > 1:\n        pass\n" * 6
    deep = "def f(x):\n for a in x:\n  with a:\n   if a:\n    while a:\n     pass\n"
    assert check_python(chain) == []
    assert check_python(deep) == [":1 f nests 4 deep, at most 3"]


def test_signatures_of_tests_are_free() -> None:
    assert check_python("def test_x(server, browser, alice): ...", is_test=True) == []


def test_names_that_hide_the_standard_library(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "json.py").touch()
    (tmp_path / "scripts" / "lock.py").touch()
    assert check_names(tmp_path) == ["scripts/json.py:1 hides the standard `json`"]
