"""What people and groups did: their events, and the sessions of a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from northing.data.identity.timelines import Doer, EventsPage, GroupName, plan_events
from northing.data.query.persons import EVENT_COLUMNS, SESSION_COLUMNS, plan_sessions_of
from northing.data.query.ranges import EARLIEST, LATEST, Range, read_range
from northing.data.query.reader import Notes, Reader
from northing.data.query.scope import Ask, Scope
from northing.kernel.problems import invalid
from northing.products.people.listing import ALWAYS, Listing, cut, moment, place_of, spans
from northing.products.people.persons import meant
from northing.products.people.service import PageRequest
from northing.server.http.paging import encode_cursor


@dataclass(frozen=True, slots=True)
class EventSearch:
    """What a list of events is narrowed to: any of these names, within a range."""

    names: tuple[str, ...] = ()
    span: Range = ALWAYS
    limit: int = 50
    cursor: str | None = None


def read_span(scope: Scope, date_from: str | None, date_to: str | None) -> Range:
    """The range of two dates as queries take them; without one, there is no bound on that side. Raises 422."""
    notes = Notes()
    start = date_from if date_from not in (None, "", "all") else EARLIEST.isoformat()
    end = date_to or LATEST.isoformat()
    span = read_range(Reader({"date_from": start, "date_to": end}, "", notes), scope, "day", earliest=None)
    notes.raise_if_any()
    return span


async def list_person_events(scope: Scope, person: int, asked: EventSearch, ask: Ask) -> Listing:
    """A person's events, newest first. Raises 404."""
    return await _list_events(scope, await meant(scope, person, ask), asked, ask)


async def list_group_events(scope: Scope, group: GroupName, asked: EventSearch, ask: Ask) -> Listing:
    """A group's events, newest first; none where there is no such group."""
    return await _list_events(scope, group, asked, ask)


async def list_sessions(scope: Scope, person: int, asked: PageRequest, ask: Ask) -> Listing:
    """A person's sessions, newest first. Raises 404."""
    number, before = await meant(scope, person, ask), place_of(asked.cursor, str)
    if before and not (before.key.isascii() and before.key.isdigit() and int(before.key) < 1 << 64):
        raise invalid("cursor", "is not one that this server gave")
    rows = (await ask(plan_sessions_of(scope, number, before=before, limit=asked.limit + 1))).rows
    items = [
        {
            "start": moment(row[0]),
            "end": moment(row[1]),
            "duration": (int(row[1]) - int(row[0])) / 1000,
            "is_bounce": bool(row[2]),
            **dict(zip(SESSION_COLUMNS, row[4:], strict=True)),
        }
        for row in rows
    ]
    return cut(items, asked.limit, lambda place: encode_cursor(int(rows[place][0]), str(rows[place][3])))


async def _list_events(scope: Scope, doer: Doer, asked: EventSearch, ask: Ask) -> Listing:
    before = place_of(asked.cursor, str)
    page = EventsPage(asked.names, before, asked.limit + 1)
    rows: list[list[Any]] = []
    for span in spans(scope, before, asked.span):
        rows = (await ask(plan_events(scope, doer, span, page))).rows
        if len(rows) > asked.limit:
            break
    items = [dict(zip(EVENT_COLUMNS, row[:-1], strict=True)) | {"timestamp": moment(row[-1])} for row in rows]
    return cut(items, asked.limit, lambda place: encode_cursor(int(rows[place][-1]), str(rows[place][0])))
