"""The query kind `conversion`: the per cent who go on from one event to another, as a funnel of two steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from northing.data.query.buckets import first_incomplete, make_buckets
from northing.data.query.filters import read_filters
from northing.data.query.funnel_people import OUTCOMES, people_of_funnel
from northing.data.query.funnel_result import percent, read_reached, seconds, show_trend
from northing.data.query.funnel_spec import DEFAULT_WINDOW, MAX_WINDOW, Funnel
from northing.data.query.funnel_sql import FunnelPlan, plan_steps, plan_trend
from northing.data.query.funnel_steps import Step
from northing.data.query.funnel_words import define_funnel
from northing.data.query.kinds import Kind
from northing.data.query.people import People
from northing.data.query.ranges import Range, read_interval
from northing.data.query.reader import Reader
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.suspects import EventName, Suspect, suspects_of
from northing.kernel.clock import rfc3339

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Conversion:
    """A parsed `conversion` query: its funnel, and whether the rate is wanted over time too."""

    funnel: Funnel
    has_trend: bool = False


def read_conversion(reader: Reader, scope: Scope) -> Conversion:
    """Read every field but the dates."""
    steps = tuple(_read_step(reader, name, scope) for name in ("start_event", "end_event"))
    minutes = reader.integer("window_minutes", DEFAULT_WINDOW // _MINUTE, least=1, most=MAX_WINDOW // _MINUTE)
    filters, interval = read_filters(reader, scope), read_interval(reader)
    funnel = Funnel(steps, window=minutes * _MINUTE, filters=filters, interval=interval)
    return Conversion(funnel, reader.boolean("trend"))


def _read_step(parent: Reader, name: str, scope: Scope) -> Step:
    """The name of an event, or `{event, filters}`."""
    if not isinstance(parent.raw(name), dict):
        event = parent.text(name, required=True)
        return Step(event, event)
    reader = Reader(parent.raw(name), parent.at(name), parent.notes)
    event = reader.text("event", required=True)
    step = Step(event, event, read_filters(reader, scope))
    reader.warn_unread()
    return step


async def answer_conversion(query: Conversion, span: Range, scope: Scope, ask: Ask) -> Answer:
    """`rate` in per cent of those who `started`; `trend` the same by when they started, where wanted."""
    funnel = replace(query.funnel, view="trend") if query.has_trend else query.funnel
    cells = (await ask(plan_steps(FunnelPlan(funnel, scope, span)))).rows[0]
    body = _show(cells)
    if query.has_trend:
        body["trend"] = await _answer_trend(funnel, span, scope, ask)
    return Answer(body, define_funnel(funnel, span, scope), span.start, span.end)


def _show(cells: list[Any]) -> dict[str, Any]:
    reached = read_reached(cells, 2)
    started, converted = reached.counts
    return {
        "rate": percent(converted, started),
        "started": started,
        "converted": converted,
        "median_seconds": seconds(reached.medians[0]) if converted else None,
        "mean_seconds": seconds(reached.sums[0] / converted) if converted else None,
    }


async def _answer_trend(funnel: Funnel, span: Range, scope: Scope, ask: Ask) -> dict[str, Any]:
    buckets = make_buckets(span, funnel.interval, scope)
    (line,) = show_trend((await ask(plan_trend(FunnelPlan(funnel, scope, span, buckets)))).rows, funnel, buckets)
    return {
        "labels": [rfc3339(start) for start in buckets.starts],
        "rate": line["data"],
        "started": line["reached_from"],
        "converted": line["reached_to"],
        "incomplete_from": first_incomplete(buckets, span.end, scope.now),
    }


def people_of_conversion(query: Conversion, span: Range, scope: Scope, point: Reader) -> People:
    """Point: `outcome` started, converted or dropped; `bucket`, a label of the trend, for those who started in it."""
    outcome = point.choice("outcome", ("started", *OUTCOMES), "converted")
    step = {"step": 0, "outcome": "converted"} if outcome == "started" else {"step": 1, "outcome": outcome}
    funnel = replace(query.funnel, view="trend") if point.has("bucket") else query.funnel
    return people_of_funnel(funnel, span, scope, Reader({**step, "bucket": point.raw("bucket")}, "point", point.notes))


def _suspects(query: Conversion, result: dict[str, Any]) -> Iterator[Suspect]:
    first, second = query.funnel.steps
    yield from [] if result["started"] else _of_step(first)
    yield from [] if result["converted"] else _of_step(second)
    yield from [] if result["started"] else suspects_of(query.funnel.filters)


def _of_step(step: Step) -> Iterator[Suspect]:
    yield from [EventName(step.event)] if step.event else []
    yield from suspects_of(step.filters)


CONVERSION = Kind("conversion", read_conversion, answer_conversion, people_of_conversion, _suspects)
