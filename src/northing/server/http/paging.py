"""Lists in pages: `{items, next_cursor}`, where a cursor is opaque and names the last item seen."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from northing.kernel.problems import invalid

Item = TypeVar("Item")
CursorPart = int | str

Limit = Annotated[int, Query(ge=1, le=500, description="Most items in the answer.")]
Cursor = Annotated[str | None, Query(max_length=4000, description="`next_cursor` of the page before.")]


class Page(BaseModel, Generic[Item]):
    """One page of a list; no `next_cursor` on the last."""

    items: list[Item]
    next_cursor: str | None = None


def encode_cursor(*parts: CursorPart) -> str:
    """The cursor of a place in an order."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *kinds: type[CursorPart]) -> tuple[CursorPart, ...]:
    """The parts of a cursor. Raises 422 unless they are of these kinds."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise invalid("cursor", "is not one that this server gave") from None
    if not isinstance(parts, list) or [type(part) for part in parts] != list(kinds) or not all(map(_fits, parts)):
        raise invalid("cursor", "is not one that this server gave")
    return tuple(parts)


def _fits(part: CursorPart) -> bool:
    """Whether a database can take it: whole numbers of 64 bits, and text without NUL or half characters."""
    if isinstance(part, int):
        return -(1 << 63) <= part < 1 << 63
    return "\0" not in part and not any("\ud800" <= character <= "\udfff" for character in part)


def decode_number(cursor: str | None) -> int | None:
    """The number in a cursor of one number; None for the first page."""
    if cursor is None:
        return None
    number = int(decode_cursor(cursor, int)[0])
    if not 0 <= number < 1 << 31:
        raise invalid("cursor", "is not one that this server gave")
    return number


def cut_page(rows: Sequence[Item], limit: int, *, place: Callable[[Item], CursorPart]) -> tuple[list[Item], str | None]:
    """The page and its cursor, from rows read with `limit + 1`."""
    items = list(rows[:limit])
    return items, encode_cursor(place(items[-1])) if len(rows) > limit else None
