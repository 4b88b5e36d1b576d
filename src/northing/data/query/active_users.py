"""The query kind `active_users`: how many different people were active in a day, in seven days, in thirty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from northing.data.query.buckets import Buckets, first_incomplete, make_buckets
from northing.data.query.conditions import condition_sql
from northing.data.query.draft import Draft
from northing.data.query.filters import Group, read_filters
from northing.data.query.kinds import Kind
from northing.data.query.ranges import Range, start_of_day
from northing.data.query.reader import Reader
from northing.data.query.scan import has_expression, scan
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.statements import EVENTS, Statement
from northing.data.query.suspects import Suspect, suspects_of
from northing.kernel.clock import rfc3339

WINDOWS = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True, slots=True)
class ActiveUsers:
    """`period` picks which of the three windows is the `value` of the answer."""

    period: str
    filters: Group


def read_active_users(reader: Reader, scope: Scope) -> ActiveUsers:
    """Read every field but the dates."""
    return ActiveUsers(reader.choice("period", WINDOWS, "day"), read_filters(reader, scope))


async def answer_active_users(query: ActiveUsers, span: Range, scope: Scope, ask: Ask) -> Answer:
    """Rolling distinct people per local day; the headline numbers are those of the last day of the range."""
    days = make_buckets(span, "day", scope)
    result = await ask(plan_active_users(query, span, scope, days))
    by_day = {row[0]: row[1:] for row in result.rows}
    # A day without events has no row, yet its window still reaches back to days that have.
    rows = [by_day.get(key, (0, 0, 0)) for key in days.keys]
    columns = [[int(row[i]) for row in rows] for i in range(len(WINDOWS))]
    latest = [column[-1] for column in columns]
    names = ("dau", "wau", "mau")
    body: dict[str, Any] = {
        "value": latest[list(WINDOWS).index(query.period)],
        **dict(zip(names, latest, strict=True)),
        "engagement_score": round(100 * latest[0] / latest[2], 2) if latest[2] else 0,
        "labels": [rfc3339(start) for start in days.starts],
        "series": [{"name": name, "data": column} for name, column in zip(names, columns, strict=True)],
    }
    incomplete = first_incomplete(days, span.end, scope.now)
    if incomplete is not None:
        body["incomplete_from"] = incomplete
    return Answer(body, _definition(query, scope), span.start, span.end)


def plan_active_users(query: ActiveUsers, span: Range, scope: Scope, days: Buckets) -> Statement:
    """One bitmap of people per day, then unions of the last 1, 7 and 30 of them."""
    draft = Draft(scope)
    first = date.fromisoformat(days.keys[0])
    start = start_of_day(first - timedelta(days=max(WINDOWS.values()) - 1), scope.zone)
    condition = condition_sql(query.filters, draft)
    widened = Range(start, span.end)
    where = scan(draft, widened, [condition], guarded=has_expression(query.filters))
    per_day = (
        f"SELECT {days.expression} AS __day, groupBitmapState({draft.person}) AS __people "
        f"FROM {EVENTS} {where} GROUP BY __day"
    )
    first_day = f"toDate32({draft.text(first.isoformat())})"
    count = draft.bind((date.fromisoformat(days.keys[-1]) - first).days + 1, "UInt32")
    # Each day's bitmap is handed to the days whose window it lies in; that is 30 rows per day, not per event.
    spread = ", ".join(f"groupBitmapMergeIf(__people, __ahead < {days}) AS __w{days}" for days in WINDOWS.values())
    return draft.statement(
        f"SELECT toString(addDays(toDate32(__day), __ahead)) AS __on, {spread} FROM ({per_day}) "
        f"ARRAY JOIN range({max(WINDOWS.values())}) AS __ahead "
        f"WHERE addDays(toDate32(__day), __ahead) >= {first_day} "
        f"AND addDays(toDate32(__day), __ahead) < addDays({first_day}, {count}) GROUP BY __on ORDER BY __on"
    )


def _definition(query: ActiveUsers, scope: Scope) -> str:
    return (
        "Different people with at least one event"
        f"{' that matches the filters' if query.filters.members else ''}: dau on the day, wau in the seven days ending "
        f"with it, mau in the thirty days ending with it, days in {scope.timezone}. The headline numbers are those of "
        f"the last day of the range, value is the one for a {query.period}. Engagement score: dau / mau in per cent."
    )


def _suspects(query: ActiveUsers, result: dict[str, Any]) -> Iterator[Suspect]:
    return iter(()) if result["mau"] else suspects_of(query.filters)


ACTIVE_USERS = Kind("active_users", read_active_users, answer_active_users, suspects=_suspects)
