"""Questions of this slice: the kinds and static SQL, over one period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from northing.data.query.live import to_ms
from northing.data.query.run import QueryRunner
from northing.data.query.scope import Scope
from northing.kernel.clock import rfc3339
from northing.kernel.problems import invalid
from northing.products.insights.annotations import read_bound

DEFAULT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open, in UTC."""

    start: datetime
    end: datetime

    @property
    def dates(self) -> dict[str, str]:
        """As fields of a query."""
        return {"date_from": self.start.isoformat(), "date_to": self.end.isoformat()}

    @property
    def bounds(self) -> dict[str, int]:
        """As parameters of a statement, in Unix milliseconds."""
        return {"start": to_ms(self.start), "end": to_ms(self.end)}

    @property
    def shown(self) -> dict[str, str]:
        """As part of an answer."""
        return {"from": rfc3339(self.start), "to": rfc3339(self.end)}


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks about one project."""

    runner: QueryRunner
    scope: Scope

    async def ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The answer of a query kind."""
        return await self.runner.run({"kind": kind, **fields}, self.scope)

    async def rows(self, sql: str, *, limit: int = 1000, **params: Any) -> list[list[Any]]:
        """Rows of a statement over the project's own tables."""
        answer = await self.ask("sql", sql=sql, limit=limit, params=params)
        rows: list[list[Any]] = answer["result"]["rows"]
        return rows


def read_period(scope: Scope, date_from: str | None, date_to: str | None, *, default: timedelta = DEFAULT) -> Period:
    """What `from` and `to` say, by default the time up to now. Raises 422."""
    # To the second, so that whoever asks at the same time asks the same.
    now = scope.now.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
    end = read_bound("to", date_to, scope, is_end=True) or now
    start = read_bound("from", date_from, scope) or end - default
    if start >= end:
        raise invalid("from", "must be before to")
    return Period(start, end)


def last(scope: Scope, length: timedelta) -> Period:
    """The time up to now."""
    return read_period(scope, None, None, default=length)


def before(period: Period) -> Period:
    """The period of the same length before."""
    return Period(period.start - (period.end - period.start), period.start)


def moment(milliseconds: Any) -> str:
    """RFC 3339 of Unix milliseconds, which may come as text."""
    return rfc3339(datetime.fromtimestamp(int(milliseconds) / 1000, UTC))


def growth(current: float, previous: float) -> float | None:
    """Per cent more than before; None where there was nothing before."""
    return round(100 * (current - previous) / previous, 2) if previous else None
