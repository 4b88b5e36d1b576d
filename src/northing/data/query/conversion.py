"""The query kind `conversion`: the per cent who go on from one event to another, as a funnel of two steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from northing.data.query.filters import read_filters
from northing.data.query.funnel_people import OUTCOMES, people_of_funnel
from northing.data.query.funnel_result import percent, read_reached, seconds
from northing.data.query.funnel_spec import DEFAULT_WINDOW, MAX_WINDOW, Funnel
from northing.data.query.funnel_sql import FunnelPlan, plan_steps
from northing.data.query.funnel_steps import Step
from northing.data.query.funnel_words import define_funnel
from northing.data.query.kinds import Kind
from northing.data.query.people import People
from northing.data.query.ranges import Range
from northing.data.query.reader import Reader
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.suspects import EventName, Suspect, suspects_of

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Conversion:
    """A parsed `conversion` query: its funnel."""

    funnel: Funnel


def read_conversion(reader: Reader, scope: Scope) -> Conversion:
    """Read every field but the dates."""
    names = [reader.text(name, required=True) for name in ("start_event", "end_event")]
    minutes = reader.integer("window_minutes", DEFAULT_WINDOW // _MINUTE, least=1, most=MAX_WINDOW // _MINUTE)
    steps = tuple(Step(name, name) for name in names)
    return Conversion(Funnel(steps, window=minutes * _MINUTE, filters=read_filters(reader, scope)))


async def answer_conversion(query: Conversion, span: Range, scope: Scope, ask: Ask) -> Answer:
    """`rate` in per cent of those who `started`."""
    cells = (await ask(plan_steps(FunnelPlan(query.funnel, scope, span)))).rows[0]
    reached = read_reached(cells, 2)
    started, converted = reached.counts
    body = {
        "rate": percent(converted, started),
        "started": started,
        "converted": converted,
        "median_seconds": seconds(reached.medians[0]) if converted else None,
    }
    return Answer(body, define_funnel(query.funnel, span, scope), span.start, span.end)


def people_of_conversion(query: Conversion, span: Range, scope: Scope, point: Reader) -> People:
    """Point: `outcome` started, converted or dropped."""
    outcome = point.choice("outcome", ("started", *OUTCOMES), "converted")
    step = {"step": 0, "outcome": "converted"} if outcome == "started" else {"step": 1, "outcome": outcome}
    return people_of_funnel(query.funnel, span, scope, Reader(step, "point", point.notes))


def _suspects(query: Conversion, result: dict[str, Any]) -> Iterator[Suspect]:
    first, second = (step.event for step in query.funnel.steps)
    yield from [EventName(first)] if first and not result["started"] else []
    yield from [EventName(second)] if second and not result["converted"] else []
    yield from [] if result["started"] else suspects_of(query.funnel.filters)


CONVERSION = Kind("conversion", read_conversion, answer_conversion, people_of_conversion, _suspects)
