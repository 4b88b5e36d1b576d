"""What the lists of insights and of funnels share: how they are narrowed, and their pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import Depends, Query

from northing.data.query.serving import LONGEST_TEXT, check_texts
from northing.kernel.problems import invalid
from northing.products.insights.service import InsightSearch
from northing.products.insights.views import InsightView
from northing.server.http.paging import Cursor, Limit, decode_cursor, encode_cursor

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EARLIEST, _LATEST = (timedelta(days=days) // _MICROSECOND for days in (-365 * 100, 366 * 240))

SearchText = Annotated[str, Query(max_length=LONGEST_TEXT, description="Only those whose name or description has it.")]
TagText = Annotated[str | None, Query(max_length=60)]
Favourite = Annotated[bool | None, Query(description="Only those the caller likes, or only the others.")]
Owner = Annotated[Literal["me"] | None, Query(description="Only the caller's own.")]
Archived = Annotated[bool, Query(description="Those that were put away, in place of the others.")]
Active = Annotated[bool | None, Query(description="Only active funnels, or only the others.")]
Refresh = Annotated[bool, Query(description="Work it out anew rather than take a recent answer.")]


@dataclass(frozen=True, slots=True)
class Place:
    """A page: at most so many items, after the moment and number of the last one seen."""

    limit: int
    after: tuple[datetime, int] | None


def place_of(limit: Limit = 50, cursor: Cursor = None) -> Place:
    """Which page of a list is wanted."""
    return Place(limit, decode_place(cursor) if cursor else None)


PlaceDep = Annotated[Place, Depends(place_of)]


def search_of(
    *,
    place: PlaceDep,
    search: SearchText = "",
    tag: TagText = None,
    favourite: Favourite = None,
    owner: Owner = None,
    archived: Archived = False,
) -> InsightSearch:
    """What a list is narrowed to."""
    check_texts(search=search, tag=tag)
    return InsightSearch(
        search=search,
        tag=tag or None,
        favourite=favourite,
        owned=owner is not None,
        archived=archived,
        after=place.after,
        limit=place.limit,
    )


def cut(rows: Sequence[InsightView], limit: int) -> tuple[list[InsightView], str | None]:
    """The page and its cursor, from rows read with one more than the limit."""
    items = list(rows[:limit])
    return items, encode_place(items[-1].updated_at, items[-1].id) if len(rows) > limit else None


def encode_place(moment: datetime, number: int) -> str:
    """The cursor of a place in an order of moments and numbers."""
    return encode_cursor((moment - _EPOCH) // _MICROSECOND, number)


def decode_place(cursor: str) -> tuple[datetime, int]:
    """The place of a cursor. Raises 422."""
    microseconds, number = (int(part) for part in decode_cursor(cursor, int, int))
    if not (_EARLIEST <= microseconds < _LATEST and 0 <= number < 1 << 31):
        raise invalid("cursor", "is not one that this server gave")
    return _EPOCH + microseconds * _MICROSECOND, number
