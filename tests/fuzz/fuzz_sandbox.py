"""Coverage-guided fuzzing of the SQL sandbox: any text is rebuilt from the allow-list, or refused in words."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["northing.data.query"]):
    from northing.data.query.sandbox import rebuild
    from northing.data.query.sandbox_filters import parse_expression
    from northing.data.query.scope import Scope
    from northing.kernel.problems import Problem

SCOPE = Scope(7, "UTC", "sunday", datetime(2026, 1, 1, tzinfo=UTC))
FORBIDDEN = ("system.", "information_schema", "file(", "url(", "remote(", "s3(", "settings", "into outfile")


def test_one_input(data: bytes) -> None:
    """One text, as a statement and as a filter."""
    text = data.decode("utf-8", "replace")
    try:
        check(rebuild(text, {}, scope=SCOPE).statement.sql)
    except Problem as problem:
        if problem.status != 422:
            raise
    try:
        parse_expression(text)
    except Problem as problem:
        if problem.status != 422:
            raise


def check(sql: str) -> None:
    """What is let through names nothing outside the project's own tables, but for words inside quotes."""
    bare = "".join(piece for number, piece in enumerate(sql.replace("`", "'").split("'")) if number % 2 == 0).lower()
    assert not any(word in bare for word in FORBIDDEN), sql


if __name__ == "__main__":
    seeds = ",".join(map(str, sorted((Path(__file__).parent / "seeds" / "sandbox").iterdir())))
    atheris.Setup([*sys.argv, f"-seed_inputs={seeds}"], test_one_input)
    atheris.Fuzz()
