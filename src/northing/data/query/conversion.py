"""The query kind `conversion`: the per cent who go on from one event to another, as a funnel of two steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from northing.data.query.buckets import first_incomplete, make_buckets
from northing.data.query.filters import read_filters
from northing.data.query.funnel_people import OUTCOMES, people_of_funnel
from northing.data.query.funnel_result import percent, read_reached, seconds, show_durations, show_trend
from northing.data.query.funnel_spec import DEFAULT_WINDOW, MAX_WINDOW, Funnel, read_window
from northing.data.query.funnel_sql import FunnelPlan, plan_durations, plan_steps, plan_trend
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
VIEWS = ("rate", "trend", "time_to_convert")


@dataclass(frozen=True, slots=True)
class Conversion:
    """A parsed `conversion` query: its funnel, whose view says what is wanted beside the figures."""

    funnel: Funnel


def read_conversion(reader: Reader, scope: Scope) -> Conversion:
    """Read every field but the dates."""
    steps = tuple(_read_step(reader, name, scope) for name in ("start_event", "end_event"))
    view = reader.choice("view", VIEWS, VIEWS[0])
    filters, interval = read_filters(reader, scope), read_interval(reader)
    return Conversion(Funnel(steps, window=_read_window(reader), filters=filters, view=view, interval=interval))


def _read_window(reader: Reader) -> timedelta:
    """`window_minutes`, or `window` as funnels have it."""
    minutes = reader.integer("window_minutes", DEFAULT_WINDOW // _MINUTE, least=1, most=MAX_WINDOW // _MINUTE)
    if not reader.has("window"):
        return minutes * _MINUTE
    if reader.has("window_minutes"):
        reader.fault("window", "must not be there beside window_minutes")
    return read_window(reader)


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
    """`rate` in per cent of those who `started`; `trend` by when they did, and `times` they took, where wanted."""
    plan = FunnelPlan(query.funnel, scope, span)
    body = _show((await ask(plan_steps(plan))).rows[0])
    match query.funnel.view:
        case "trend":
            body["trend"] = await _answer_trend(plan, ask)
        case "time_to_convert":
            body["times"] = show_durations((await ask(plan_durations(plan))).rows[0])
    return Answer(body, define_funnel(query.funnel, span, scope), span.start, span.end)


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


async def _answer_trend(plan: FunnelPlan, ask: Ask) -> dict[str, Any]:
    buckets = make_buckets(plan.span, plan.funnel.interval, plan.scope)
    rows = (await ask(plan_trend(replace(plan, buckets=buckets)))).rows
    (line,) = show_trend(rows, plan.funnel, buckets)
    return {
        "labels": [rfc3339(start) for start in buckets.starts],
        "rate": line["data"],
        "started": line["reached_from"],
        "converted": line["reached_to"],
        "incomplete_from": first_incomplete(buckets, plan.span.end, plan.scope.now),
    }


def people_of_conversion(query: Conversion, span: Range, scope: Scope, point: Reader) -> People:
    """Point: `outcome` started, converted or dropped; `bucket`, a label of `trend`, for those who started in it."""
    outcome = point.choice("outcome", ("started", *OUTCOMES), "converted")
    step = {"step": 0, "outcome": "converted"} if outcome == "started" else {"step": 1, "outcome": outcome}
    funnel = replace(query.funnel, view="trend" if point.has("bucket") else "steps")
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
