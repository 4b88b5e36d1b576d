"""The part of every statement over `EVENTS` that says whose rows and which time."""

from __future__ import annotations

from collections.abc import Iterable

from northing.data.query.draft import Draft
from northing.data.query.filters import Expression, Filter, Group
from northing.data.query.ranges import Range
from northing.data.query.statements import ROW


def scan(draft: Draft, span: Range, conditions: Iterable[str], *, guarded: bool = False) -> str:
    """The WHERE clause: project and time first, since they let the primary key and the partitions skip the rest.

    `guarded` keeps the engine from trying the other conditions on rows of other projects, which expressions of the
    user's need: their errors could tell of those rows. It costs the engine's own choice of what to read first.
    """
    base = [
        f"{ROW}.project_id = {draft.project}",
        f"{ROW}.timestamp >= {start_sql(span, draft)}",
        f"{ROW}.timestamp < {end_sql(span, draft)}",
    ]
    rest = [condition for condition in conditions if condition and condition != "true"]
    if guarded:
        return f"PREWHERE {' AND '.join(base)}{' WHERE ' + ' AND '.join(rest) if rest else ''}"
    return f"WHERE {' AND '.join(base + rest)}"


def start_sql(span: Range, draft: Draft) -> str:
    """The start of the range."""
    return _moment(span.start.timestamp(), draft)


def end_sql(span: Range, draft: Draft) -> str:
    """The end of the range, exclusive."""
    return _moment(span.end.timestamp(), draft)


def has_expression(*filters: Filter) -> bool:
    """Whether any of the filters holds an expression of the user's."""
    return any(
        has_expression(*found.members) if isinstance(found, Group) else isinstance(found, Expression)
        for found in filters
    )


def _moment(seconds: float, draft: Draft) -> str:
    # In the engine's milliseconds, as the events are.
    return f"fromUnixTimestamp64Milli({draft.bind(round(seconds * 1000), 'Int64')}, 'UTC')"
