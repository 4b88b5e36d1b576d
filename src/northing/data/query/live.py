"""SQL of the live list of events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from northing.data.query.draft import Draft
from northing.data.query.scope import Scope
from northing.data.query.statements import EVENTS, ROW, Statement

LIVE_COLUMNS = (
    "uuid", "event", "timestamp", "distinct_id", "person", "session_id", "url", "path", "browser", "os", "device",
    "country", "lib", "properties", "received_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open, in Unix milliseconds."""

    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class LiveFilter:
    """What the live list is narrowed to; `before` is the place of the last item seen: (timestamp in ms, uuid)."""

    event: str | None = None
    distinct_id: str | None = None
    before: tuple[int, str] | None = None


def plan_live(scope: Scope, window: Window, asked: LiveFilter, *, limit: int) -> Statement:
    """The newest events of a window, newest first; ties by uuid."""
    draft = Draft(scope)
    parts = in_window(draft, window)
    if asked.event is not None:
        parts.append(f"{ROW}.event = {draft.text(asked.event)}")
    if asked.distinct_id is not None:
        parts.append(f"{ROW}.distinct_id = {draft.text(asked.distinct_id)}")
    if asked.before is not None:
        at = f"fromUnixTimestamp64Milli({draft.bind(asked.before[0], 'Int64')}, 'UTC')"
        parts.append(f"({ROW}.timestamp, {ROW}.uuid) < ({at}, {draft.bind(asked.before[1], 'UUID')})")
    columns = ", ".join(draft.person if column == "person" else f"{ROW}.{column}" for column in LIVE_COLUMNS)
    return draft.statement(
        f"SELECT {columns}, toUnixTimestamp64Milli({ROW}.timestamp) FROM {EVENTS} "
        f"WHERE {' AND '.join(parts)} ORDER BY {ROW}.timestamp DESC, {ROW}.uuid DESC LIMIT {limit}"
    )


def to_ms(moment: datetime) -> int:
    """Unix milliseconds."""
    return int(moment.timestamp() * 1000)


def in_window(draft: Draft, window: Window) -> list[str]:
    """The conditions of a project and a window of time, for statements over `EVENTS`."""
    return [
        f"{ROW}.project_id = {draft.project}",
        f"{ROW}.timestamp >= fromUnixTimestamp64Milli({draft.bind(window.start_ms, 'Int64')}, 'UTC')",
        f"{ROW}.timestamp < fromUnixTimestamp64Milli({draft.bind(window.end_ms, 'Int64')}, 'UTC')",
    ]
