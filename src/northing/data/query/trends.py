"""The query kind `trends`: numbers over time, by series and breakdown."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from northing.data.query.activity import plan_crowded
from northing.data.query.buckets import MAX_BUCKETS, Buckets, first_incomplete, make_buckets
from northing.data.query.kinds import Kind
from northing.data.query.properties import Property
from northing.data.query.ranges import Range
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.suspects import EventName, GroupType, Suspect, suspects_of
from northing.data.query.trends_people import people_of_trends
from northing.data.query.trends_periods import Period, make_periods
from northing.data.query.trends_result import Batch, distinct_values, make_table, render
from northing.data.query.trends_spec import (
    FIRST,
    LEVELS,
    PER_ACTOR,
    ROLLING,
    SQL,
    Series,
    Trends,
    is_special,
    of_sessions,
    read_trends,
)
from northing.data.query.trends_special import plan_special
from northing.data.query.trends_splits import Bins, Cohorts, Edges, are_edges, property_of, split_names
from northing.data.query.trends_sql import EVERY, TrendsPlan, plan_edges, plan_plain, plan_ranked, plan_sample, plan_top
from northing.data.query.trends_sums import can_sum, dimension_of, plan_sums, split_overall
from northing.data.store.results import QueryResult
from northing.kernel.clock import rfc3339

_WORDS = {
    "total": "number of events",
    "unique": "number of different people (after merging their identities)",
    "sessions": "number of different sessions",
    "sum": "sum",
    "avg": "average",
    "min": "least value",
    "max": "greatest value",
}


async def answer_trends(query: Trends, span: Range, scope: Scope, ask: Ask) -> Answer:
    """Ask the engine and shape its rows."""
    current, previous = make_periods(query, span, scope)
    plan = TrendsPlan(query, scope, span, current.buckets.expression, span, series=tuple(range(len(query.series))))
    periods = [current, *([previous] if previous else [])]
    # Where either period begins and ends matters to the statements of both: a breakdown's read what lies between, too.
    edges = [edge for period in periods for edge in (period.span.start, period.span.end, *period.buckets.starts)]
    plan = replace(plan, bounds=tuple(edges))
    plan = replace(plan, edges=await _ask_edges(plan, ask), dimension=await _ask_dimension(plan, periods, ask))
    batches = await _ask_batches(plan, periods, ask)
    before = previous.buckets if previous else None
    table = make_table(batches, query, current.buckets, before)
    body: dict[str, Any] = {
        "labels": [rfc3339(start) for start in current.buckets.starts],
        "series": render(table, query, current.buckets, before, edges=plan.edges),
    }
    if before:
        body["previous_labels"] = [rfc3339(start) for start in before.starts]
    incomplete = first_incomplete(current.buckets, span.end, scope.now)
    if incomplete is not None:
        body["incomplete_from"] = incomplete
    return Answer(body, define_trends(query, span, scope), span.start, span.end)


async def _ask_edges(plan: TrendsPlan, ask: Ask) -> Edges:
    """Of each split into bins; none where there are no numbers."""
    places = [i for i, split in enumerate(plan.query.breakdown) if isinstance(split, Bins)]
    if not places:
        return {}
    (row,) = (await ask(plan_edges(plan))).rows
    return {i: tuple(float(n) for n in found) for i, found in zip(places, row, strict=True) if are_edges(found)}


async def _ask_dimension(plan: TrendsPlan, periods: list[Period], ask: Ask) -> str:
    """The column whose sums answer the breakdown, unless it has too many values to be summed up by."""
    found = {dimension_of(_of_period(plan, period), _buckets(periods)) for period in periods}
    dimension = found.pop() if len(found) == 1 else ""
    if dimension and (await ask(plan_crowded(plan.scope, dimension))).rows:
        return ""
    return dimension


async def _ask_batches(plan: TrendsPlan, periods: list[Period], ask: Ask) -> list[Batch]:
    """The rows of all series, in statements that agree on which breakdown values have a line."""
    is_shared = plan.query.compare_to or any(is_special(plan.query.series[i]) for i in plan.series)
    if not plan.width or not is_shared:
        return await _ask_each(plan, periods, ask)
    if not any(_may_lack_values(series) for series in plan.query.series) and await _seem_few(plan, ask):
        # Few enough to need no ranking, which is a pass of its own, if what comes back has no more either.
        batches = await _ask_each(replace(plan, top=EVERY), periods, ask)
        found = distinct_values([row for batch in batches for row in batch.rows], plan.width)
        if found <= plan.query.breakdown_limit:
            return batches
    return await _ask_each(await _ranked(plan, ask), periods, ask)


async def _ranked(plan: TrendsPlan, ask: Ask) -> TrendsPlan:
    """The plan with its greatest breakdown values known."""
    return replace(plan, top=tuple(tuple(row) for row in (await ask(plan_top(plan))).rows))


def _may_lack_values(series: Series) -> bool:
    """Whether events of the range may have breakdown values that no row has, so that rows do not tell how many."""
    return series.math in FIRST or of_sessions(series)


async def _ask_each(plan: TrendsPlan, periods: list[Period], ask: Ask) -> list[Batch]:
    """The series whose maths allow it together in one pass, over both periods where one follows the other."""
    special = tuple(i for i in plan.series if is_special(plan.query.series[i]))
    common = tuple(i for i in plan.series if i not in special)
    passes = [
        one
        for part in (split_overall(replace(plan, series=common), _buckets(periods)) if common else ())
        for one in _passes(part, periods)
    ]
    results = await _together([_ask(one, ask, periods) for one in passes])
    batches = [
        Batch(result.rows, one.series, summed=not one.needs_overall)
        for one, result in zip(passes, results, strict=True)
    ]
    for i in special:
        for period in periods:
            statement = plan_special(_of_period(replace(plan, series=(i,)), period), period.buckets)
            summed = plan.query.series[i].math in FIRST
            batches.append(Batch((await ask(statement)).rows, (i,), summed=summed))
    return batches


async def _together(asked: list[Coroutine[Any, Any, QueryResult]]) -> list[QueryResult]:
    """All at once; where one fails, the others end."""
    tasks = [asyncio.ensure_future(one) for one in asked]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        raise


def _buckets(periods: list[Period]) -> list[Buckets]:
    return [period.buckets for period in periods]


def _passes(plan: TrendsPlan, periods: list[Period]) -> list[TrendsPlan]:
    current = periods[0]
    # Sets of sessions are not read once for both periods but counted once for each: at the same time, then.
    only_sessions = not plan.width and all(plan.query.series[i].math == "sessions" for i in plan.series)
    if len(periods) == 1 or plan.query.compare_to or only_sessions:
        return [_of_period(plan, period) for period in periods]
    both = Range(periods[1].span.start, current.span.end)
    bucket = make_buckets(both, plan.query.interval, plan.scope, most=2 * MAX_BUCKETS + 2).expression
    return [replace(plan, span=both, bucket=bucket, current=current.span.start)]


def _of_period(plan: TrendsPlan, period: Period) -> TrendsPlan:
    return replace(plan, span=period.span, bucket=period.buckets.expression, is_current=period.is_current)


async def _ask(plan: TrendsPlan, ask: Ask, periods: list[Period]) -> QueryResult:
    """One pass where few breakdown values are expected; where there are more than the limit, rank them first."""
    limit = plan.query.breakdown_limit
    row_limit = limit * (sum(len(period.buckets.starts) for period in periods) + 2) + 1
    if not plan.width:
        return await ask(plan_sums(plan) if can_sum(plan, _buckets(periods)) else plan_plain(plan))
    if plan.top is not None:
        return await ask(plan_plain(plan, row_limit=row_limit) if plan.top == EVERY else plan_ranked(plan))
    if await _seem_few(plan, ask):
        result = await ask(plan_plain(plan, row_limit=row_limit))
        if len(result.rows) < row_limit and distinct_values(result.rows, plan.width) <= limit:
            return result
    if any(isinstance(split, Cohorts) for split in plan.query.breakdown):
        # The engine takes the cohorts of a statement for those of the ranking inside it, and fails.
        plan = await _ranked(plan, ask)
    return await ask(plan_ranked(plan))


async def _seem_few(plan: TrendsPlan, ask: Ask) -> bool:
    """Whether a sample has no more breakdown values than may be shown."""
    return bool((await ask(plan_sample(plan))).rows[0][0] <= plan.query.breakdown_limit)


def define_trends(query: Trends, span: Range, scope: Scope) -> str:
    """The definition in words."""
    parts = [f"{series.name}: {_define_series(series)}" for series in query.series]
    text = "; ".join(parts)
    if query.formula is not None:
        text += f"; combined as {query.formula_text} (a division by zero is 0)"
    if query.breakdown:
        text += f"; by {split_names(query.breakdown)}: the {query.breakdown_limit} greatest, the rest as Other"
    text += f". Per {query.interval} in {scope.timezone}"
    if query.interval == "week":
        text += f", weeks starting on {scope.week_start.capitalize()}"
    text += f", events from {_shown(span.start)} to before {_shown(span.end)}."
    if query.filters.members or any(s.filters.members for s in query.series):
        text += " Only events that match the filters."
    if query.compare:
        text += f" Compared with {_compared(query)}."
    if query.smoothing > 1:
        text += f" Smoothed: each point is the average of the last {query.smoothing}, itself included."
    if query.cumulative:
        text += " Cumulative: each point is the sum of all before it and itself."
    return text


def _compared(query: Trends) -> str:
    return f"the same dates moved by {query.compare_to}" if query.compare_to else "the period of the same length before"


def _define_series(series: Series) -> str:
    event = f"event {series.event}" if series.event else "any event"
    if series.math in ROLLING:
        days = ROLLING[series.math]
        return (
            f"different people in the {days} days that end with the bucket's last day (the total: with the last day of "
            f"the range), {event}"
        )
    if series.math in FIRST:
        which = "first ever" if series.math == "first_time_for_user" else "first that matches the filters"
        return f"people by the time of their {which} of all history, {event}"
    if series.math in PER_ACTOR:
        return f"{_aggregate(PER_ACTOR[series.math])} of the number of events of each person who has any, {event}"
    if series.math == SQL:
        return f"{series.sql[0]} in SQL over the bucket's events, {event}"
    if series.math == "unique_group":
        return f"number of different groups of type {series.group}, {event}"
    if of_sessions(series):
        return f"{_aggregate(series.math)} of the lengths in seconds of sessions that have it, one of each, {event}"
    of = f" of {series.property} (what is not a number is left out; none gives 0)" if series.property else ""
    return f"{_aggregate(series.math)}{of}, {event}"


def _aggregate(math: str) -> str:
    return _WORDS.get(math) or f"{LEVELS[math]:.0%} percentile, exact and interpolated"


def _shown(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


def _suspects(query: Trends, result: dict[str, Any]) -> Iterator[Suspect]:
    is_empty = not any(series["total"] for series in result["series"])
    for series in query.series:
        shown = [s for s in result["series"] if s["name"] == series.name]
        if is_empty or not any(s["total"] for s in shown):
            yield from [EventName(series.event)] if series.event else []
            yield from suspects_of(series.filters)
            yield from [Property("event", series.property)] if series.property else []
            yield from [GroupType(series.group)] if series.group else []
    if is_empty:
        yield from suspects_of(query.filters)
    if all(set(series.get("breakdown", ())) <= {"(none)"} for series in result["series"]):
        yield from (found for split in query.breakdown if (found := property_of(split)) is not None)


TRENDS = Kind("trends", read_trends, answer_trends, people=people_of_trends, suspects=_suspects)
