"""Events as the source systems read them: newest first, counted, and the most frequent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from northing.products.compatible import statements
from northing.products.compatible.asking import Asker, Period, moment

GroupBy = Literal["day", "hour", "userId"]
_FIELDS = ("id", "event", "category", "properties", "userId", "sessionId", "page", "referrer", "timestamp")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which events are meant."""

    period: Period
    event: str = ""
    category: str = ""
    user_id: str = ""

    @property
    def params(self) -> dict[str, Any]:
        return {**self.period.bounds, "event": self.event, "category": self.category, "user": self.user_id}


async def list_events(asker: Asker, asked: Narrowed, limit: int) -> dict[str, Any]:
    """`{events, total}`, newest first."""
    total = (await asker.rows(statements.TOTAL, **asked.params))[0][0]
    return {"events": await newest(asker, asked, limit), "total": int(total), **asked.period.shown}


async def newest(asker: Asker, asked: Narrowed, limit: int) -> list[dict[str, Any]]:
    """The newest events, newest first."""
    places = await asker.rows(statements.PLACES, limit=limit, **asked.params)
    if not places:
        return []
    times = [int(place[1]) for place in places]
    uuids = [place[0] for place in places]
    rows = await asker.rows(statements.ROWS, limit=limit, start=min(times), end=max(times) + 1, uuids=uuids)
    return [_shown(row) for row in rows]


async def count_events(asker: Asker, asked: Narrowed, group_by: GroupBy) -> dict[str, Any]:
    """How many by day, hour or user; users with most first, a thousand at most."""
    if group_by == "userId":
        rows = await asker.rows(statements.USERS, **asked.params)
        counts = [{"group": user, "count": int(count)} for user, count in rows]
        return {"groupBy": group_by, "counts": counts, **asked.period.shown}
    series = [{"event": asked.event or None}]
    narrowed = {"category": asked.category, "distinct_id": asked.user_id}
    filters = [{"property": name, "operator": "exact", "value": value} for name, value in narrowed.items() if value]
    answer = await asker.ask("trends", series=series, filters=filters, interval=group_by, **asked.period.dates)
    result = answer["result"]
    pairs = zip(result["labels"], result["series"][0]["data"], strict=True)
    counts = [{"group": _label(label, group_by), "count": count} for label, count in pairs]
    return {"groupBy": group_by, "counts": counts, **asked.period.shown}


async def top_events(asker: Asker, asked: Narrowed, limit: int) -> dict[str, Any]:
    """The most frequent events, with how many people."""
    answer = await asker.ask("top_events", limit=limit, **asked.period.dates)
    return {"events": shown_top(answer["result"]), **asked.period.shown}


def shown_top(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The fields that the source systems had, whatever more an answer says."""
    return [{name: item[name] for name in ("event", "count", "users")} for item in items]


def _label(label: str, group_by: GroupBy) -> str:
    return datetime.fromisoformat(label).date().isoformat() if group_by == "day" else label


def _shown(row: list[Any]) -> dict[str, Any]:
    shown = dict(zip(_FIELDS, row, strict=True))
    return {**shown, "timestamp": moment(shown["timestamp"])}
