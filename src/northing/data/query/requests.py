"""A request body to a parsed request: kind, dates, and the kind's own fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from northing.data.identity.segments_rfm import RFM
from northing.data.query.active_users import ACTIVE_USERS
from northing.data.query.conversion import CONVERSION
from northing.data.query.funnel import FUNNEL
from northing.data.query.growth_accounting import GROWTH_ACCOUNTING
from northing.data.query.kinds import Kind
from northing.data.query.lifecycle import LIFECYCLE
from northing.data.query.paths import PATHS
from northing.data.query.people import People
from northing.data.query.person_journey import PERSON_JOURNEY
from northing.data.query.power_users import POWER_USERS
from northing.data.query.ranges import EARLIEST, LATEST, Range, read_interval, read_range, read_zone
from northing.data.query.reader import Notes, Reader
from northing.data.query.retention import RETENTION
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.stickiness import STICKINESS
from northing.data.query.top_events import TOP_EVENTS
from northing.data.query.trends import TRENDS
from northing.data.query.user_sql import USER_SQL

_NO_SPAN = Range(EARLIEST, LATEST)
KINDS: tuple[Kind[Any], ...] = (
    TRENDS,
    ACTIVE_USERS,
    TOP_EVENTS,
    FUNNEL,
    CONVERSION,
    PATHS,
    PERSON_JOURNEY,
    RETENTION,
    RFM,
    GROWTH_ACCOUNTING,
    LIFECYCLE,
    STICKINESS,
    POWER_USERS,
    USER_SQL,
)
_BY_NAME = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Request:
    """A query ready to be answered. `span` is the range asked for."""

    kind: Kind[Any]
    query: Any
    scope: Scope
    span: Range
    refresh: bool
    explain: bool
    warnings: tuple[str, ...]
    cohorts: frozenset[int] = frozenset()


def parse_request(body: object, scope: Scope, *, earliest: datetime | None = None) -> Request:
    """The JSON body as a request.

    `earliest` is the time of the project's first event, needed only for `date_from: "all"`.
    Raises one `Problem` 422 that lists every field at fault.
    """
    notes = Notes()
    reader = Reader(body, "", notes)
    name = reader.text("kind", required=True)
    if name and name not in _BY_NAME:
        reader.fault("kind", f"must be one of {', '.join(_BY_NAME)}")
    scope = scope.in_zone(read_zone(reader))
    kind = _BY_NAME.get(name)
    if kind is None:
        notes.raise_if_any()
        raise AssertionError("a kind that is not known is a fault")
    query = kind.read(reader, scope)
    span = read_range(reader, scope, read_interval(reader), earliest=earliest) if kind.is_dated else _NO_SPAN
    refresh, explain = reader.boolean("refresh"), reader.boolean("explain")
    reader.warn_unread()
    notes.raise_if_any()
    return Request(kind, query, scope, span, refresh, explain, tuple(notes.warnings), frozenset(notes.cohorts))


async def answer_request(request: Request, ask: Ask) -> Answer:
    """Answer by kind."""
    answer: Answer = await request.kind.answer(request.query, request.span, request.scope, ask)
    return answer


def plan_request_people(request: Request, point: object) -> People:
    """Who is behind one number of the answer: `point` says which, in the kind's own fields.

    Raises `Problem` 422 that lists every field at fault.
    """
    notes = Notes()
    reader = Reader({} if point is None else point, "point", notes)
    people = request.kind.people(request.query, request.span, request.scope, reader)
    # A misspelt field would name other people than those of the number, and they may be kept as a cohort.
    reader.refuse_unread()
    notes.raise_if_any()
    return people


def cache_fields(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body without what does not change the answer."""
    return {name: value for name, value in body.items() if name != "refresh"}
