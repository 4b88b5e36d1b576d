"""The query kind `stickiness`: on how many different days (or other periods) people are active."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from northing.data.query.buckets import Buckets, make_buckets
from northing.data.query.draft import Draft
from northing.data.query.filters import read_filters
from northing.data.query.kinds import Kind
from northing.data.query.lifecycle_activity import Activity, index_sql, read_activity, shown_zone
from northing.data.query.people import People
from northing.data.query.ranges import Interval, Range, read_interval
from northing.data.query.reader import Reader
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.statements import EVENTS, Statement
from northing.data.query.suspects import Suspect

MAX_SERIES = 10
_SIGNS = {"gte": (">=", "at least"), "lte": ("<=", "at most"), "exact": ("=", "exactly")}


@dataclass(frozen=True, slots=True)
class Criteria:
    """How many events make a period count."""

    operator: str = "gte"
    value: int = 1


@dataclass(frozen=True, slots=True)
class Series:
    """Which events count, under a name."""

    name: str
    activity: Activity


@dataclass(frozen=True, slots=True)
class Stickiness:
    """A parsed `stickiness` query without its dates; a period is `count` intervals."""

    series: tuple[Series, ...]
    interval: Interval
    count: int
    criteria: Criteria
    cumulative: bool


def read_stickiness(reader: Reader, scope: Scope) -> Stickiness:
    """Read every field but the dates: `series`, or the `event` and `filters` of a single one."""
    if reader.has("series"):
        shared = read_filters(reader, scope)

        def one(value: Any, path: str) -> Series:
            inner = Reader(value, path, reader.notes)
            activity = read_activity(inner, scope, shared=shared)
            name = inner.text("name") or activity.event or "Any event"
            inner.warn_unread()
            return Series(name, activity)

        series = reader.items("series", one, most=MAX_SERIES)
        if not series:
            reader.fault("series", "must have at least one entry")
    else:
        activity = read_activity(reader, scope)
        series = (Series(activity.event or "Any event", activity),)
    return Stickiness(
        series=series,
        interval=read_interval(reader),
        count=reader.integer("interval_count", 1, least=1, most=1000),
        criteria=_read_criteria(reader) if reader.has("criteria") else Criteria(),
        cumulative=reader.boolean("cumulative"),
    )


def _read_criteria(parent: Reader) -> Criteria:
    reader = Reader(parent.raw("criteria"), parent.at("criteria"), parent.notes)
    found = Criteria(reader.choice("operator", _SIGNS, "gte"), reader.integer("value", 1, least=1, most=1_000_000))
    reader.warn_unread()
    return found


async def answer_stickiness(query: Stickiness, span: Range, scope: Scope, ask: Ask) -> Answer:
    """One value per possible count, zeros kept."""
    buckets = make_buckets(span, query.interval, scope)
    most = -(-len(buckets.keys) // query.count)
    series = []
    for one in query.series:
        rows = (await ask(plan_stickiness(query, one.activity, span, scope))).rows
        people = {int(count): int(number) for count, number in rows}
        data = [people.get(count, 0) for count in range(1, most + 1)]
        if query.cumulative:
            data = [sum(data[i:]) for i in range(most)]
        series.append({"name": one.name, "data": data})
    body = {"labels": list(range(1, most + 1)), "series": series}
    return Answer(body, define_stickiness(query, scope), span.start, span.end)


def plan_stickiness(query: Stickiness, activity: Activity, span: Range, scope: Scope) -> Statement:
    """Rows periods, people."""
    draft = Draft(scope)
    counted = _counted(query, activity, span, draft)
    return draft.statement(f"SELECT __periods, count() FROM ({counted}) GROUP BY __periods")


def _counted(query: Stickiness, activity: Activity, span: Range, draft: Draft) -> str:
    """A SELECT of `__one` and the number of `__periods` that count of each person."""
    buckets = make_buckets(span, query.interval, draft.scope)
    where = activity.where(span, draft)
    if query.criteria == Criteria():
        return (
            f"SELECT {draft.person} AS __one, uniqExact({_period(query, buckets)}) AS __periods FROM {EVENTS} {where} "
            "GROUP BY __one"
        )
    sign = _SIGNS[query.criteria.operator][0]
    enough = (
        f"SELECT {draft.person} AS __who, {_period(query, buckets)} AS __period FROM {EVENTS} {where} "
        f"GROUP BY __who, __period HAVING count() {sign} {query.criteria.value}"
    )
    return f"SELECT __who AS __one, count() AS __periods FROM ({enough}) GROUP BY __one"


def _period(query: Stickiness, buckets: Buckets) -> str:
    if query.count == 1:
        return buckets.expression
    return f"intDiv({index_sql(buckets.expression, buckets)}, {query.count})"


def plan_stickiness_people(query: Stickiness, span: Range, scope: Scope, point: Reader) -> People:
    """The point is `{series, intervals}`: the index of a series, and a number of periods, one of the labels."""
    series = query.series[point.integer("series", 0, least=0, most=len(query.series) - 1)]
    periods = point.integer("intervals", 1, least=1, most=len(make_buckets(span, query.interval, scope).keys))
    draft = Draft(scope)
    sign = ">=" if query.cumulative else "="
    counted = _counted(query, series.activity, span, draft)
    words = f"Active in {'at least' if query.cumulative else 'exactly'} {periods} periods"
    sql = f"SELECT __one AS __person FROM ({counted}) WHERE __periods {sign} {periods}"
    return People(draft, sql, f"{words}. {series.name}: {define_stickiness(query, scope)}")


def define_stickiness(query: Stickiness, scope: Scope) -> str:
    """The definition in words."""
    series = "; ".join(f"{one.name}: {one.activity.words()}" for one in query.series)
    length = f"{query.count} {query.interval}s, from the start of the range" if query.count > 1 else query.interval
    words, value = _SIGNS[query.criteria.operator][1], query.criteria.value
    exactly = "at least" if query.cumulative else "exactly"
    return (
        f"People by the number of different periods in which they were active: for each number, how many were in "
        f"{exactly} so many. {series}. A period is one {length} {shown_zone(query.interval, scope)}; it counts with "
        f"{words} {value} event{'s' if value > 1 else ''}{' and more than none' if words == 'at most' else ''}."
    )


def _suspects(query: Stickiness, result: dict[str, Any]) -> Iterator[Suspect]:
    for one, series in zip(query.series, result["series"], strict=True):
        if not any(series["data"]):
            yield from one.activity.suspects()


STICKINESS = Kind("stickiness", read_stickiness, answer_stickiness, plan_stickiness_people, _suspects)
