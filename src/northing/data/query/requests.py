"""A request body to a parsed request: kind, dates, and the kind's own fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from northing.data.query.active_users import ActiveUsers, answer_active_users, read_active_users
from northing.data.query.ranges import Range, read_range, read_zone
from northing.data.query.reader import Notes, Reader
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.top_events import TopEvents, answer_top_events, read_top_events
from northing.data.query.trends import answer_trends
from northing.data.query.trends_spec import Trends, read_interval, read_trends
from northing.data.query.user_sql import UserSql, answer_user_sql, read_user_sql

Query = Trends | ActiveUsers | TopEvents | UserSql
_READERS: dict[str, Callable[[Reader, Scope], Query]] = {
    "trends": read_trends,
    "active_users": read_active_users,
    "top_events": read_top_events,
    "sql": read_user_sql,
}
KINDS = tuple(_READERS)


@dataclass(frozen=True, slots=True)
class Request:
    """A query ready to be answered. `span` is None for kinds without dates."""

    kind: str
    query: Query
    scope: Scope
    span: Range | None
    refresh: bool
    explain: bool
    warnings: tuple[str, ...]


def parse_request(body: object, scope: Scope, *, earliest: datetime | None = None) -> Request:
    """The JSON body as a request.

    `earliest` is the time of the project's first event, needed only for `date_from: "all"`.
    Raises one `Problem` 422 that lists every field at fault.
    """
    notes = Notes()
    reader = Reader(body, "", notes)
    kind = reader.text("kind", required=True)
    if kind and kind not in _READERS:
        reader.fault("kind", f"must be one of {', '.join(KINDS)}")
    scope = scope.in_zone(read_zone(reader))
    read = _READERS.get(kind)
    if read is None:
        notes.raise_if_any()
        raise AssertionError("a kind that is not known is a fault")
    query = read(reader, scope)
    span = read_range(reader, scope, read_interval(reader), earliest=earliest) if kind != "sql" else None
    refresh, explain = reader.boolean("refresh"), reader.boolean("explain")
    reader.warn_unread()
    notes.raise_if_any()
    return Request(kind, query, scope, span, refresh, explain, tuple(notes.warnings))


async def answer_request(request: Request, ask: Ask) -> Answer:
    """Answer by kind."""
    query, scope, span = request.query, request.scope, request.span
    if isinstance(query, UserSql):
        return await answer_user_sql(query, scope, ask)
    assert span is not None
    if isinstance(query, Trends):
        return await answer_trends(query, span, scope, ask)
    if isinstance(query, ActiveUsers):
        return await answer_active_users(query, span, scope, ask)
    return await answer_top_events(query, span, scope, ask)


def cache_fields(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body without what does not change the answer."""
    return {name: value for name, value in body.items() if name != "refresh"}
