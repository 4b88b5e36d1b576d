"""The query kind `funnel`: how many get from step to step, how long it takes, and who stops where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from northing.data.query.buckets import first_incomplete, make_buckets
from northing.data.query.correlation import answer_correlation
from northing.data.query.funnel_people import people_of_funnel
from northing.data.query.funnel_result import (
    bottleneck,
    read_reached,
    show_broken,
    show_durations,
    show_steps,
    show_trend,
)
from northing.data.query.funnel_spec import Funnel, read_funnel
from northing.data.query.funnel_sql import (
    FunnelPlan,
    plan_broken_steps,
    plan_durations,
    plan_steps,
    plan_trend,
    without_breakdown,
)
from northing.data.query.funnel_words import define_funnel
from northing.data.query.kinds import Kind
from northing.data.query.ranges import Range
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.suspects import EventName, GroupType, Suspect, suspects_of
from northing.kernel.clock import rfc3339


async def answer_funnel(query: Funnel, span: Range, scope: Scope, ask: Ask) -> Answer:
    """Ask the engine for the view and shape its rows."""
    plan = FunnelPlan(query, scope, span)
    match query.view:
        case "time_to_convert":
            result = show_durations((await ask(plan_durations(plan))).rows[0])
        case "trend":
            result = await _answer_trend(plan, ask)
        case "correlation":
            result = await answer_correlation(plan, ask)
        case _:
            result = await _answer_steps(plan, ask)
    return Answer(result, define_funnel(query, span, scope), span.start, span.end)


async def _answer_steps(plan: FunnelPlan, ask: Ask) -> dict[str, Any]:
    funnel = plan.funnel
    rows = (await ask(plan_broken_steps(plan))).rows if funnel.breakdown else []
    overall = [row for row in rows if row[0]]
    if overall and funnel.attribution != "all_events":
        cells = overall[0][2 + len(funnel.breakdown) :]
    else:
        # With attribution all_events an actor may be in several lines, so the whole is no sum of them.
        cells = (await ask(plan_steps(without_breakdown(plan)))).rows[0]
    reached = read_reached(cells, len(funnel.steps))
    body: dict[str, Any] = {"steps": show_steps(reached, funnel), "bottleneck": bottleneck(reached, funnel)}
    return {**body, "breakdowns": show_broken(rows, funnel)} if funnel.breakdown else body


async def _answer_trend(plan: FunnelPlan, ask: Ask) -> dict[str, Any]:
    buckets = make_buckets(plan.span, plan.funnel.interval, plan.scope)
    rows = (await ask(plan_trend(FunnelPlan(plan.funnel, plan.scope, plan.span, buckets)))).rows
    body: dict[str, Any] = {
        "labels": [rfc3339(start) for start in buckets.starts],
        "series": show_trend(rows, plan.funnel, buckets),
    }
    incomplete = first_incomplete(buckets, plan.span.end, plan.scope.now)
    return body if incomplete is None else {**body, "incomplete_from": incomplete}


def _suspects(query: Funnel, result: dict[str, Any]) -> Iterator[Suspect]:
    empty = _empty_steps(query, result)
    for i in empty:
        event = query.steps[i].event
        yield from [EventName(event)] if event else []
        yield from suspects_of(query.steps[i].filters)
    if empty:
        yield from suspects_of(query.filters)
        yield from [GroupType(query.of)] if query.of else []
    yield from (EventName(x.event) for x in query.exclusions)
    if all(set(line["breakdown"]) <= {"(none)"} for line in result.get("breakdowns", ())):
        yield from query.breakdown


def _empty_steps(query: Funnel, result: dict[str, Any]) -> list[int]:
    """Steps that nobody reached; views that do not count each step are empty as a whole or not at all."""
    if "steps" in result:
        return [i for i, step in enumerate(result["steps"]) if not step["count"]]
    match query.view:
        case "time_to_convert":
            is_empty = not result["bins"]
        case "trend":
            is_empty = not any(any(series["reached_to"]) for series in result["series"])
        case _:
            is_empty = not result["success"] and not result["failure"]
    return list(range(len(query.steps))) if is_empty else []


FUNNEL = Kind("funnel", read_funnel, answer_funnel, people_of_funnel, _suspects)
