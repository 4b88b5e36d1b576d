"""The query kind `active_users`: how many different people were active in a day, in seven days, in thirty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from northing.data.query.activity import is_hourly, overall_source, people_set
from northing.data.query.buckets import MAX_BUCKETS, Buckets, first_incomplete, make_buckets
from northing.data.query.conditions import condition_sql
from northing.data.query.draft import Draft
from northing.data.query.filters import Group, read_filters
from northing.data.query.kinds import Kind
from northing.data.query.lifecycle_activity import percent
from northing.data.query.people import People
from northing.data.query.ranges import Range, start_of_day
from northing.data.query.reader import Reader
from northing.data.query.scan import has_expression, scan
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.statements import EVENTS, Statement
from northing.data.query.suspects import Suspect, suspects_of
from northing.kernel.clock import rfc3339

WINDOWS = {"day": 1, "week": 7, "month": 30}
NAMES = ("dau", "wau", "mau")


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
    by_day = {row[0]: [int(count) for count in row[1:]] for row in result.rows}
    # A day without events has no row, yet its window still reaches back to days that have.
    rows = [by_day.get(key, [0, 0, 0]) for key in days.keys]
    columns = [[row[i] for row in rows] for i in range(len(WINDOWS))]
    latest = dict(zip(NAMES, rows[-1], strict=True))
    last = date.fromisoformat(days.keys[-1])
    before = [by_day.get((last - timedelta(days=w)).isoformat(), [0, 0, 0])[i] for i, w in enumerate(WINDOWS.values())]
    body: dict[str, Any] = {
        "value": rows[-1][list(WINDOWS).index(query.period)],
        **latest,
        "engagement_score": percent(latest["dau"], latest["mau"]) or 0,
        "previous": dict(zip(NAMES, before, strict=True)),
        "growth": {name: percent(now - then, then) for name, now, then in zip(NAMES, rows[-1], before, strict=True)},
        "labels": [rfc3339(start) for start in days.starts],
        "series": [{"name": name, "data": column} for name, column in zip(NAMES, columns, strict=True)],
    }
    incomplete = first_incomplete(days, span.end, scope.now)
    if incomplete is not None:
        body["incomplete_from"] = incomplete
    return Answer(body, _definition(query, scope), span.start, span.end)


def plan_active_users(query: ActiveUsers, span: Range, scope: Scope, days: Buckets) -> Statement:
    """One bitmap of people per day, then unions of the last 1, 7 and 30 of them; also for the days before the range.

    Those are the ends of the windows a period before the last ones.
    """
    draft = Draft(scope)
    last, longest = date.fromisoformat(days.keys[-1]), max(WINDOWS.values())
    first = min(date.fromisoformat(days.keys[0]), last - timedelta(days=longest))
    per_day = _people_by_day(query, Range(_start_of_window(first, scope), span.end), draft)
    first_day = f"toDate32({draft.text(first.isoformat())})"
    count = draft.bind((last - first).days + 1, "UInt32")
    # Each day's bitmap is handed to the days whose window it lies in; that is 30 rows per day, not per event.
    spread = ", ".join(f"groupBitmapMergeIf(__people, __ahead < {days}) AS __w{days}" for days in WINDOWS.values())
    return draft.statement(
        f"SELECT toString(addDays(toDate32(__day), __ahead)) AS __on, {spread} FROM ({per_day}) "
        f"ARRAY JOIN range({longest}) AS __ahead "
        f"WHERE addDays(toDate32(__day), __ahead) >= {first_day} "
        f"AND addDays(toDate32(__day), __ahead) < addDays({first_day}, {count}) GROUP BY __on ORDER BY __on"
    )


def _start_of_window(last: date, scope: Scope) -> datetime:
    """Where the longest window begins that ends with a day."""
    return start_of_day(last - timedelta(days=max(WINDOWS.values()) - 1), scope.zone)


def _people_by_day(query: ActiveUsers, span: Range, draft: Draft) -> str:
    days = make_buckets(span, "day", draft.scope, most=MAX_BUCKETS + 2 * max(WINDOWS.values()))
    if not query.filters.members and is_hourly(span.start, span.end, *days.starts):
        return (
            f"SELECT {days.expression} AS __day, {people_set(draft)} AS __people "
            f"FROM {overall_source(draft, span, days.starts)} GROUP BY __day"
        )
    where = scan(draft, span, [condition_sql(query.filters, draft)], guarded=has_expression(query.filters))
    return (
        f"SELECT {days.expression} AS __day, groupBitmapState({draft.person}) AS __people "
        f"FROM {EVENTS} {where} GROUP BY __day"
    )


def plan_active_people(query: ActiveUsers, span: Range, scope: Scope, point: Reader) -> People:
    """The point is `{bucket, window}`: the index of a label (the last by default), and day, week or month."""
    days = make_buckets(span, "day", scope)
    bucket = point.integer("bucket", len(days.keys) - 1, least=0, most=len(days.keys) - 1)
    window = point.choice("window", WINDOWS, query.period)
    last = date.fromisoformat(days.keys[bucket])
    start = start_of_day(last - timedelta(days=WINDOWS[window] - 1), scope.zone)
    draft = Draft(scope)
    # Of a range that ends within its last day, nothing later counts.
    end = min(start_of_day(last + timedelta(days=1), scope.zone).astimezone(UTC), span.end.astimezone(UTC))
    where = scan(draft, Range(start, end), [condition_sql(query.filters, draft)], guarded=has_expression(query.filters))
    sql = f"SELECT {draft.person} AS __person FROM {EVENTS} {where}"
    return People(draft, sql, f"Active in the {window} that ends with {last}. {_definition(query, scope)}")


def _definition(query: ActiveUsers, scope: Scope) -> str:
    return (
        "Different people with at least one event"
        f"{' that matches the filters' if query.filters.members else ''}: dau on the day, wau in the seven days ending "
        f"with it, mau in the thirty days ending with it, days in {scope.timezone}. The headline numbers are those of "
        f"the last day of the range, value is the one for a {query.period}. Engagement score: dau / mau in per cent. "
        "previous: dau of the day before, wau of seven days before, mau of thirty days before; growth: the change "
        "since then in per cent."
    )


def _suspects(query: ActiveUsers, result: dict[str, Any]) -> Iterator[Suspect]:
    return iter(()) if result["mau"] else suspects_of(query.filters)


ACTIVE_USERS = Kind("active_users", read_active_users, answer_active_users, plan_active_people, _suspects)
