"""docs/reference/sql-functions.md, from the allow-list of the sandbox."""

from __future__ import annotations

from collections.abc import Iterable

from northing.data.query.sandbox import DEFAULT_LIMIT, MAX_LIMIT

# Private there because nothing that runs may look past `function_name`; the page lists them all the same.
from northing.data.query.sandbox_functions import _AGGREGATES, _COMBINATORS, SCALARS

INTRODUCTION = """# SQL functions

What [SQL](../sql.md) may call. Names are ClickHouse's and mean what they mean there; upper and lower case are the same.
What is not listed is refused.

"""


def render() -> str:
    """The page."""
    endings = ", ".join(f"`{ending}`" for ending in _COMBINATORS)
    parts = (
        "## Aggregate functions",
        f"Each also with up to two of the endings {endings}, such as `countIf`.",
        _listed(_AGGREGATES.values()),
        "## Other functions",
        _listed(SCALARS.values()),
        "## Rows",
        f"An answer has at most `limit` rows: {DEFAULT_LIMIT:,} unless asked for more, at most {MAX_LIMIT:,}.",
    )
    return INTRODUCTION + "\n\n".join(parts) + "\n"


def _listed(names: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in sorted(set(names), key=str.lower))
