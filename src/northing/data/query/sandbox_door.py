"""The door to the sandbox. Its parser is a quarter of a second of imports, which a server that has just started, or is
never asked for SQL, need not wait for: the first question with SQL in it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from northing.data.query.draft import Draft
from northing.data.query.scope import Scope

if TYPE_CHECKING:
    from northing.data.query.sandbox import Rebuilt

DEFAULT_LIMIT = 1000
MAX_LIMIT = 100_000


def rebuild(
    sql: str, params: Mapping[str, Any], *, scope: Scope, limit: int = DEFAULT_LIMIT, draft: Draft | None = None
) -> Rebuilt:
    """See `sandbox.rebuild`."""
    from northing.data.query import sandbox

    return sandbox.rebuild(sql, params, scope=scope, limit=limit, draft=draft)


def parse_expression(text: str, *, person: str = "") -> str:
    """See `sandbox_filters.parse_expression`."""
    from northing.data.query import sandbox_filters

    return sandbox_filters.parse_expression(text, **({"person": person} if person else {}))


def parse_aggregate(text: str, *, person: str = "") -> str:
    """See `sandbox_filters.parse_aggregate`."""
    from northing.data.query import sandbox_filters

    return sandbox_filters.parse_aggregate(text, **({"person": person} if person else {}))
