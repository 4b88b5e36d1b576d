"""The query kind `trends`: numbers over time, by series and breakdown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from northing.data.query.buckets import MAX_BUCKETS, Buckets, first_incomplete, make_buckets
from northing.data.query.kinds import Kind
from northing.data.query.properties import Property
from northing.data.query.ranges import Range, previous_range
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.suspects import EventName, Suspect, suspects_of
from northing.data.query.trends_result import distinct_values, make_table, render
from northing.data.query.trends_spec import LEVELS, Series, Trends, read_trends
from northing.data.query.trends_sql import TrendsPlan, plan_plain, plan_ranked, plan_sample
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
    current, previous, plan = plan_trends(query, span, scope)
    result = await _ask(plan, ask, len(current.starts) + (len(previous.starts) if previous else 0) + 2)
    table = make_table(result.rows, query, current, previous, summed=not plan.needs_overall)
    body: dict[str, Any] = {
        "labels": [rfc3339(start) for start in current.starts],
        "series": render(table, query, current, previous),
    }
    if previous:
        body["previous_labels"] = [rfc3339(start) for start in previous.starts]
    incomplete = first_incomplete(current, span.end, scope.now)
    if incomplete is not None:
        body["incomplete_from"] = incomplete
    return Answer(body, define_trends(query, span, scope), span.start, span.end)


def plan_trends(query: Trends, span: Range, scope: Scope) -> tuple[Buckets, Buckets | None, TrendsPlan]:
    """Buckets of the period and of the one before, and the plan of the pass that covers both."""
    current = make_buckets(span, query.interval, scope)
    if not query.compare:
        return current, None, TrendsPlan(query, scope, span, span.start, current.expression)
    before = previous_range(span, query.interval, scope.zone)
    previous = make_buckets(before, query.interval, scope)
    both = Range(before.start, span.end)
    expression = make_buckets(both, query.interval, scope, most=2 * MAX_BUCKETS + 2).expression
    return current, previous, TrendsPlan(query, scope, both, span.start, expression)


async def _ask(plan: TrendsPlan, ask: Ask, buckets: int) -> QueryResult:
    """One pass where few breakdown values are expected; where there are more than the limit, rank them first."""
    limit = plan.query.breakdown_limit
    if not plan.width:
        return await ask(plan_plain(plan))
    sample = await ask(plan_sample(plan))
    if sample.rows[0][0] <= limit:
        row_limit = limit * buckets + 1
        result = await ask(plan_plain(plan, row_limit=row_limit))
        if len(result.rows) < row_limit and distinct_values(result.rows, plan.width) <= limit:
            return result
    return await ask(plan_ranked(plan))


def define_trends(query: Trends, span: Range, scope: Scope) -> str:
    """The definition in words."""
    parts = [f"{series.name}: {_define_series(series)}" for series in query.series]
    text = "; ".join(parts)
    if query.formula is not None:
        text += f"; combined as {query.formula_text} (a division by zero is 0)"
    if query.breakdown:
        names = ", ".join(f"{b.owner} property {b.name}" for b in query.breakdown)
        text += f"; by {names}: the {query.breakdown_limit} greatest, the rest as Other"
    text += f". Per {query.interval} in {scope.timezone}"
    if query.interval == "week":
        text += f", weeks starting on {scope.week_start.capitalize()}"
    text += f", events from {_shown(span.start)} to before {_shown(span.end)}."
    if query.filters.members or any(s.filters.members for s in query.series):
        text += " Only events that match the filters."
    if query.compare:
        text += " Compared with the period of the same length before."
    if query.cumulative:
        text += " Cumulative: each point is the sum of all before it and itself."
    return text


def _define_series(series: Series) -> str:
    of = f" of {series.property} (what is not a number is left out; none gives 0)" if series.property else ""
    words = _WORDS.get(series.math) or f"{LEVELS[series.math]:.0%} percentile, exact and interpolated"
    event = f"event {series.event}" if series.event else "any event"
    return f"{words}{of}, {event}"


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
    if is_empty:
        yield from suspects_of(query.filters)
    if all(set(series.get("breakdown", ())) <= {"(none)"} for series in result["series"]):
        yield from query.breakdown


TRENDS = Kind("trends", read_trends, answer_trends, suspects=_suspects)
