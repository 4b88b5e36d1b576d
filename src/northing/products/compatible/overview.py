"""What the source systems' dashboards ask: this very moment, the totals, features, and sessions."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from northing.kernel.clock import rfc3339
from northing.kernel.problems import not_found
from northing.products.compatible import statements
from northing.products.compatible.asking import Asker, Period, before, growth, last, moment
from northing.products.compatible.events import Narrowed, newest, shown_top, top_events
from northing.products.compatible.metrics import BUILT_IN, LENGTHS, Length, active_users, built_in_totals

ACTIVE = timedelta(minutes=5)
RECENT = timedelta(minutes=30)
REMEMBERED_SECONDS = 2.0
_TOTALS = {
    "events": "totalEvents",
    "active_users": "totalUsers",
    "sessions": "totalSessions",
    "pageviews": "totalPageViews",
}
_SESSION_FIELDS = (
    "start", "end", "duration", "eventCount", "pageViews", "entryPage", "exitPage", "device", "browser", "country",
    "isBounce",
)  # fmt: skip
_MOST_SESSION_EVENTS = 5000


async def real_time(asker: Asker) -> dict[str, Any]:
    """Who is here now, and the last half hour; at most two seconds old."""

    async def load() -> dict[str, Any]:
        return await _real_time(asker)

    found: dict[str, Any] = await asker.runner.remembered(
        f"compatible:real-time:{asker.scope.project_id}", REMEMBERED_SECONDS, load, people_of=asker.scope.project_id
    )
    return found


async def _real_time(asker: Asker) -> dict[str, Any]:
    recent, active = last(asker.scope, RECENT), last(asker.scope, ACTIVE)
    (now,) = await asker.rows(statements.NOW, **recent.bounds, active=active.bounds["start"])
    pages = await asker.rows(statements.PAGES, limit=10, **recent.bounds)
    top = await asker.ask("top_events", limit=10, **recent.dates)
    return {
        "timestamp": rfc3339(asker.scope.now),
        "activeUsers": int(now[0]),
        "events": int(now[1]),
        "users": int(now[2]),
        "eventsPerMinute": await _minutes(asker, recent),
        "topPages": [{"page": path, "views": int(views), "users": int(users)} for path, views, users in pages],
        "topEvents": shown_top(top["result"]),
        "recentEvents": await newest(asker, Narrowed(recent), 20),
    }


async def _minutes(asker: Asker, recent: Period) -> list[dict[str, Any]]:
    """Each of the last thirty minutes, those without events too; the running one is the last."""
    rows = await asker.rows(statements.MINUTES, **recent.bounds)
    counts = {int(minute): int(count) for minute, count in rows}
    running = int(asker.scope.now.timestamp()) // 60 * 60
    begun = range(running - 29 * 60, running + 1, 60)
    return [{"minute": moment(minute * 1000), "count": counts.get(minute, 0)} for minute in begun]


async def dashboard(asker: Asker, period: Length) -> dict[str, Any]:
    """Totals of the last day, seven or thirty days, each with its growth; active users; top events."""
    found = last(asker.scope, LENGTHS[period])
    now, then = [await built_in_totals(asker, each) for each in (found, before(found))]
    active = await active_users(asker, period)
    return {
        "period": period,
        **found.shown,
        "totals": {_TOTALS[name]: number for name, number in now.items()},
        "growth": {_TOTALS[name]: growth(number, then[name]) for name, number in now.items()},
        "activeUsers": {name: active[name] for name in ("dau", "wau", "mau", "engagementScore")},
        "topEvents": (await top_events(asker, Narrowed(found), 10))["events"],
    }


async def feature_usage(asker: Asker, period: Period, *, feature: str, limit: int) -> dict[str, Any]:
    """Uses and people of each feature, most used first; the share is of all people active in the period."""
    rows = await asker.rows(statements.FEATURES, limit=limit, feature=feature, **period.bounds)
    answer = await asker.ask("trends", series=[BUILT_IN["active_users"]], **period.dates)
    everyone = answer["result"]["series"][0]["total"]
    return {
        "features": [
            {
                "feature": name,
                "uses": int(uses),
                "users": int(users),
                "adoptionRate": round(100 * int(users) / everyone, 2) if everyone else 0.0,
                "averageDuration": average,
                "lastUsed": moment(last_used),
            }
            for name, uses, users, average, last_used in rows
        ],
        "totalUsers": everyone,
        **period.shown,
    }


async def session(asker: Asker, session_id: str) -> dict[str, Any]:
    """One session by the id its client gave it. Raises 404."""
    found = await _with_events(asker, await asker.rows(statements.SESSION, limit=1, session=session_id))
    if not found:
        raise not_found("session")
    return found[0]


async def sessions_of(asker: Asker, user_id: str, period: Period, limit: int) -> dict[str, Any]:
    """Sessions of the person of an id, newest first."""
    rows = await asker.rows(statements.SESSIONS_OF, limit=limit, user=user_id, **period.bounds)
    return {"userId": user_id, "sessions": await _with_events(asker, rows), **period.shown}


async def _with_events(asker: Asker, rows: list[list[Any]]) -> list[dict[str, Any]]:
    if not rows:
        return []
    bounds = {"start": min(int(row[2]) for row in rows), "end": max(int(row[3]) for row in rows) + 1}
    sessions = [int(row[0]) for row in rows]
    events: dict[str, list[dict[str, Any]]] = defaultdict(list)
    pages: dict[str, list[str]] = defaultdict(list)
    for key, uuid, event, at, page, user, path in await asker.rows(
        statements.EVENTS_OF_SESSIONS, limit=_MOST_SESSION_EVENTS, sessions=sessions, **bounds
    ):
        events[key].append({"id": uuid, "event": event, "timestamp": moment(at), "page": page, "userId": user})
        if path and pages[key][-1:] != [path]:
            pages[key].append(path)
    return [_show(row, pages[row[0]], events[row[0]]) for row in rows]


def _show(row: list[Any], pages: list[str], events: list[dict[str, Any]]) -> dict[str, Any]:
    fields = dict(zip(_SESSION_FIELDS, row[2:], strict=True))
    times = {name: moment(fields[name]) for name in ("start", "end")}
    return {"sessionId": row[1] or row[0], **fields, **times, "pages": pages, "events": events}
