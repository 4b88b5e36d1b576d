"""Pages of what the event store holds: a page, its place in the order, and how far back to look for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from northing.data.query.persons import Place
from northing.data.query.ranges import EARLIEST, LATEST, Range
from northing.data.query.scope import Scope
from northing.kernel.clock import rfc3339
from northing.kernel.problems import invalid
from northing.server.http.paging import decode_cursor

Item = dict[str, Any]
ALWAYS = Range(EARLIEST, LATEST)
# What a page is about happened lately where much happens; a quiet one costs a few small scans more.
_LOOK_BACK = (timedelta(days=1), timedelta(days=7), timedelta(days=60))


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list."""

    items: list[Item]
    cursor: str | None = None
    total: int | None = None


def cut(items: list[Item], limit: int, cursor: Callable[[int], str]) -> Listing:
    """The page and its cursor, from items read with one more than the limit."""
    return Listing(items[:limit], cursor(limit - 1) if len(items) > limit else None)


def spans(scope: Scope, before: Place | None, within: Range = ALWAYS) -> Iterator[Range]:
    """Longer and longer, back from the newest event that is wanted, up to all of `within`."""
    newest = datetime.fromtimestamp(before.at_ms / 1000, UTC) if before else scope.now
    for back in _LOOK_BACK:
        start = max(min(newest, within.end) - back, EARLIEST)
        if start > within.start:
            yield Range(start, within.end)
    yield within


def place_of(cursor: str | None, key: type[int] | type[str]) -> Place | None:
    """The place that a cursor names. Raises 422."""
    if cursor is None:
        return None
    at, tie = decode_cursor(cursor, int, key)
    if not _to_ms(EARLIEST) <= int(at) <= _to_ms(LATEST):
        raise invalid("cursor", "is not one that this server gave")
    return Place(int(at), str(tie))


def moment(milliseconds: Any) -> str:
    """A moment of the event store, as shown."""
    return rfc3339(datetime.fromtimestamp(int(milliseconds) / 1000, UTC))


def _to_ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
