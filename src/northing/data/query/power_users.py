"""The query kind `power_users`: on how many of the last 7 or 28 days each person was active (L7, L28)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from northing.data.query.buckets import make_buckets
from northing.data.query.draft import Draft
from northing.data.query.kinds import Kind
from northing.data.query.lifecycle_activity import Activity, end_of, percent, read_activity, set_dates, start_before
from northing.data.query.people import People
from northing.data.query.ranges import Range
from northing.data.query.reader import Reader
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.statements import EVENTS, Statement
from northing.data.query.suspects import Suspect

WINDOWS = (7, 28)


@dataclass(frozen=True, slots=True)
class PowerUsers:
    """Which events count as activity, and the number of days."""

    activity: Activity
    window: int


def read_power_users(reader: Reader, scope: Scope) -> PowerUsers:
    """Read every field; the range is the window that ends with the day of `date_to`."""
    window = reader.integer("window", 28, least=7, most=28)
    if window not in WINDOWS:
        reader.fault("window", "must be 7 or 28")
        window = 28
    if reader.has("date_from"):
        reader.notes.warnings.append("date_from was ignored: the window ends with date_to and has its own length.")
    set_dates(reader, start_before(end_of(reader, scope, "day"), "day", window, scope), "day")
    return PowerUsers(read_activity(reader, scope), window)


async def answer_power_users(query: PowerUsers, span: Range, scope: Scope, ask: Ask) -> Answer:
    """People by number of days, their share with at least so many, and the mean."""
    rows = (await ask(plan_power_users(query, span, scope))).rows
    found = {int(days): int(people) for days, people in rows}
    data = [found.get(days, 0) for days in range(1, query.window + 1)]
    people = sum(data)
    body: dict[str, Any] = {
        "labels": list(range(1, query.window + 1)),
        "series": [{"name": f"L{query.window}", "data": data}],
        "at_least": [percent(sum(data[i:]), people) or 0 for i in range(query.window)],
        "people": people,
        "mean_days": round(sum(days * number for days, number in found.items()) / people, 2) if people else 0,
    }
    return Answer(body, define_power_users(query, scope), span.start, span.end)


def plan_power_users(query: PowerUsers, span: Range, scope: Scope) -> Statement:
    """Rows days, people."""
    draft = Draft(scope)
    return draft.statement(f"SELECT __days, count() FROM ({_counted(query, span, draft)}) GROUP BY __days")


def _counted(query: PowerUsers, span: Range, draft: Draft) -> str:
    day = make_buckets(span, "day", draft.scope).expression
    return (
        f"SELECT {draft.person} AS __one, uniqExact({day}) AS __days FROM {EVENTS} "
        f"{query.activity.where(span, draft)} GROUP BY __one"
    )


def plan_power_users_people(query: PowerUsers, span: Range, scope: Scope, point: Reader) -> People:
    """The point is `{days, at_least?}`: a number of days, exactly or at least so many."""
    days = point.integer("days", 1, least=1, most=query.window)
    more = point.boolean("at_least")
    draft = Draft(scope)
    counted = _counted(query, span, draft)
    sql = f"SELECT __one AS __person FROM ({counted}) WHERE __days {'>=' if more else '='} {days}"
    words = f"Active on {'at least' if more else 'exactly'} {days} days"
    return People(draft, sql, f"{words}. {define_power_users(query, scope)}")


def define_power_users(query: PowerUsers, scope: Scope) -> str:
    """The definition in words."""
    return (
        f"People by the number of different days in {scope.timezone} on which they were active, of the {query.window} "
        f"days that end with the last of the range, itself counted even if it is not over; active means "
        f"{query.activity.words()}. at_least: per cent of those people active on so many days or more."
    )


def _suspects(query: PowerUsers, result: dict[str, Any]) -> Iterator[Suspect]:
    if not result["people"]:
        yield from query.activity.suspects()


POWER_USERS = Kind("power_users", read_power_users, answer_power_users, plan_power_users_people, _suspects)
