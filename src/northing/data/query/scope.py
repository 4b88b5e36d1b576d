"""Whose data a query reads, and the facts it depends on besides its own text."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from northing.data.query.statements import Statement
from northing.data.store.results import QueryResult

WeekStart = Literal["sunday", "monday"]
Ask = Callable[[Statement], Awaitable[QueryResult]]


@dataclass(frozen=True, slots=True)
class Scope:
    """One project, its zone and first day of the week, and the present moment (aware).

    `merged` says whether any stored person number means another person.
    """

    project_id: int
    timezone: str
    week_start: WeekStart
    now: datetime
    merged: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def local_now(self) -> datetime:
        return self.now.astimezone(self.zone)

    def in_zone(self, timezone: str) -> Scope:
        return replace(self, timezone=timezone) if timezone else self


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query kind gives back: its result, the range it covers, and its definition in words."""

    result: Any
    definition: str
    date_from: datetime | None = None
    date_to: datetime | None = None
    warnings: tuple[str, ...] = ()
