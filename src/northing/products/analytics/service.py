"""The verbs of the analytics slice: live events and the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from northing.data.query.catalogue import (
    COLUMN_NAMES,
    ValueSearch,
    plan_event_properties,
    plan_events,
    plan_person_properties,
    plan_values,
)
from northing.data.query.live import LIVE_COLUMNS, LiveFilter, Window, plan_live, to_ms
from northing.data.query.properties import property_fault
from northing.data.query.run import QueryRunner
from northing.data.query.scope import Scope
from northing.kernel.problems import invalid
from northing.server.http.paging import decode_cursor, encode_cursor

CATALOGUE_DAYS = 30
CATALOGUE_SECONDS = 15.0
MOST_EVENTS = 1000
MOST_VALUES = 100
# The newest events of a busy project are in the first window; a quiet one costs a few small queries more.
_LOOK_BACK = (timedelta(minutes=15), timedelta(hours=6), timedelta(days=2), timedelta(days=30), timedelta(days=400))
# Clocks of devices may run ahead, and those events are the newest of all.
_AHEAD = timedelta(days=2)
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class LiveRequest:
    """What the live list is asked for."""

    limit: int = 50
    cursor: str | None = None
    event: str | None = None
    distinct_id: str | None = None
    after: datetime | None = None


async def list_live(runner: QueryRunner, scope: Scope, asked: LiveRequest) -> tuple[list[dict[str, Any]], str | None]:
    """Newest events first, and the cursor of the next page; looks back 400 days at most."""
    before = _place(asked.cursor) if asked.cursor else None
    narrowed = LiveFilter(asked.event, asked.distinct_id, before)
    rows: list[list[Any]] = []
    for window in _windows(before, asked.after, scope.now):
        missing = asked.limit + 1 - len(rows)
        result = await runner.fetch(plan_live(scope, window, narrowed, limit=missing), scope.project_id)
        rows += result.rows
        if len(rows) > asked.limit:
            break
    page = rows[: asked.limit]
    cursor = encode_cursor(int(page[-1][-1]), str(page[-1][0])) if len(rows) > asked.limit else None
    return [_live_item(row) for row in page], cursor


async def list_events(runner: QueryRunner, scope: Scope, search: str) -> list[dict[str, Any]]:
    """Events of the last thirty days: `{event, count, users, last_seen}`, most frequent first."""

    async def load() -> list[dict[str, Any]]:
        statement = plan_events(scope, _recent(scope.now), search=search, limit=MOST_EVENTS)
        result = await runner.fetch(statement, scope.project_id)
        return [
            {"event": event, "count": count, "users": users, "last_seen": _utc(last_seen)}
            for event, count, users, last_seen in result.rows
        ]

    key = f"catalogue:events:{scope.project_id}:{search}"
    return list(await runner.remembered(key, CATALOGUE_SECONDS, load, people_of=scope.project_id))


async def list_properties(runner: QueryRunner, scope: Scope, event: str | None) -> list[dict[str, Any]]:
    """Properties seen lately: of events (of one event, or any), then of persons."""

    async def load() -> list[dict[str, Any]]:
        of_events = await _event_properties(runner, scope, event)
        result = await runner.fetch(plan_person_properties(scope), scope.project_id)
        paths = result.rows[0][0] if result.rows else {}
        return of_events + [_property(name, "person", types) for name, types in sorted(paths.items())]

    key = f"catalogue:properties:{scope.project_id}:{event is not None}:{event or ''}"
    return list(await runner.remembered(key, CATALOGUE_SECONDS, load))


async def list_values(runner: QueryRunner, scope: Scope, asked: ValueSearch) -> list[dict[str, Any]]:
    """Values of a property in the last thirty days with their counts, most frequent first."""
    fault = property_fault(asked.found.name)
    if fault or not asked.found.name:
        raise invalid("property", fault or "is required")

    async def load() -> list[dict[str, Any]]:
        statement = plan_values(scope, _recent(scope.now), asked, limit=MOST_VALUES)
        result = await runner.fetch(statement, scope.project_id)
        return [{"value": value, "count": count} for value, count in result.rows]

    parts = [asked.found.owner, asked.found.name, asked.event or "", str(asked.event is None), asked.search]
    key = "\0".join(["catalogue:values", str(scope.project_id), *parts])
    return list(await runner.remembered(key, CATALOGUE_SECONDS, load))


async def _event_properties(runner: QueryRunner, scope: Scope, event: str | None) -> list[dict[str, Any]]:
    """From a sample of the latest period that has events; the JSON paths, and the columns that hold anything."""
    row: list[Any] = []
    for back in (timedelta(hours=6), timedelta(days=2), timedelta(days=CATALOGUE_DAYS), timedelta(days=400)):
        window = Window(to_ms(scope.now - back), to_ms(scope.now + _AHEAD))
        result = await runner.fetch(plan_event_properties(scope, window, event), scope.project_id)
        row = result.rows[0] if result.rows else []
        if row and row[-1] >= 100:
            break
    if not row or not row[-1]:
        return []
    columns = tuple(dict.fromkeys(COLUMN_NAMES.values()))
    filled = {column for column, count in zip(columns, row[1:-1], strict=True) if count}
    named = [_property(name, "event", ["String"], column=True) for name, c in COLUMN_NAMES.items() if c in filled]
    return named + [_property(name, "event", types) for name, types in sorted(row[0].items())]


def _property(name: str, kind: str, types: list[str], *, column: bool = False) -> dict[str, Any]:
    return {"name": name, "type": kind, "types": types, "column": column}


def _windows(before: tuple[int, str] | None, after: datetime | None, now: datetime) -> Iterator[Window]:
    """Adjoining windows that go back in time, each longer than the last."""
    newest = to_ms(now + _AHEAD)
    end = min(before[0] + 1, newest) if before else newest
    origin = min(end, to_ms(now))
    # `after` is exclusive, and events have whole milliseconds.
    floor = to_ms(after) + 1 if after else 0
    for back in _LOOK_BACK:
        start = max(origin - int(back.total_seconds() * 1000), floor)
        if start < end:
            yield Window(start, end)
        end = min(start, end)


def _recent(now: datetime) -> Window:
    # To the whole minute, so that a minute's worth of questions is the same question.
    end = to_ms(now) // 60_000 * 60_000
    return Window(end - CATALOGUE_DAYS * _DAY_MS, end + to_ms(now + _AHEAD) - to_ms(now))


def _place(cursor: str) -> tuple[int, str]:
    milliseconds, identifier = decode_cursor(cursor, int, str)
    text = str(identifier)
    if len(text) != 36 or any(c not in "0123456789abcdef-" for c in text) or not 0 <= int(milliseconds) < 1 << 52:
        raise invalid("cursor", "is not one that this server gave")
    return int(milliseconds), text


def _live_item(row: list[Any]) -> dict[str, Any]:
    item = dict(zip(LIVE_COLUMNS, row, strict=False))
    return {**item, "timestamp": _utc(item["timestamp"]), "received_at": _utc(item["received_at"])}


def _utc(text: str) -> str:
    """The engine's text of a UTC time as RFC 3339."""
    return text.replace(" ", "T") + "Z"
