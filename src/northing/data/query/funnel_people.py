"""Who is behind one number of a funnel."""

from __future__ import annotations

from datetime import UTC, datetime

from northing.data.query.buckets import Buckets, make_buckets
from northing.data.query.conditions import join_conditions
from northing.data.query.draft import Draft
from northing.data.query.funnel_result import step_name
from northing.data.query.funnel_spec import Funnel
from northing.data.query.funnel_sql import Attempts, FunnelPlan
from northing.data.query.people import People
from northing.data.query.ranges import Range
from northing.data.query.reader import Reader
from northing.data.query.scope import Scope
from northing.data.query.trends_result import NONE_LABEL
from northing.kernel.clock import rfc3339

OUTCOMES = ("converted", "dropped")


def people_of_funnel(query: Funnel, span: Range, scope: Scope, point: Reader) -> People:
    """Who reached a step (`outcome` converted) or stopped before it (dropped).

    Point: `step` (from 0, by default the last; of the views trend and time_to_convert their `to_step`), `outcome`,
    `bucket` (a label of the view trend), `breakdown` (the labels of a line) or `is_other` for the line Other.
    """
    is_trend = query.view == "trend"
    buckets = make_buckets(span, query.interval, scope) if is_trend else None
    draft = Draft(scope)
    writer = Attempts(FunnelPlan(query, scope, span, buckets), draft)
    outcome = point.choice("outcome", OUTCOMES, "converted")
    last = len(query.steps) - 1
    has_ends = query.view in ("trend", "time_to_convert")
    step = point.integer("step", query.to_step if has_ends else last, least=0, most=last)
    before = _before(query, step, has_ends=has_ends)
    conditions = [f"__t{step} {'!=' if outcome == 'converted' else '='} 0", f"__t{before} != 0"]
    if buckets:
        conditions.append(f"__bucket = {draft.text(_read_bucket(point, buckets))}")
    conditions.append(_read_value(point, query, writer))
    attempts = writer.select(people=True)
    sql = f"SELECT arrayJoin(__people) AS __person FROM ({attempts}) WHERE {join_conditions(conditions)}"
    return People(draft, sql, _define(query, before, step, outcome))


def _before(query: Funnel, step: int, *, has_ends: bool) -> int:
    if has_ends and step == query.to_step:
        return query.from_step
    return query.required_before(step) if step else 0


def _read_bucket(point: Reader, buckets: Buckets) -> str:
    label = point.text("bucket", required=True)
    try:
        moment = datetime.fromisoformat(label) if label else None
    except ValueError:
        moment = None
    found = [key for start, key in zip(buckets.starts, buckets.keys, strict=True) if _is_same(start, moment)]
    if label and not found:
        point.fault("bucket", f"must be one of the labels of the answer, such as {rfc3339(buckets.starts[0])}")
    return str(found[0]) if found else ""


def _is_same(start: datetime, moment: datetime | None) -> bool:
    # In UTC: Python takes no time of an hour that comes twice for that of another zone.
    return moment is not None and moment.tzinfo is not None and start.astimezone(UTC) == moment.astimezone(UTC)


def _read_value(point: Reader, query: Funnel, writer: Attempts) -> str:
    """The condition on the breakdown values, '' where the point names none."""
    names = writer.actors.names
    labels = point.items("breakdown", lambda v, p: _read_label(v, p, point), most=len(names)) if names else ()
    is_other = point.boolean("is_other") if names else False
    if not labels and not is_other:
        return ""
    if not is_other and len(labels) != len(names):
        point.fault("breakdown", f"must have {len(names)} entries, as the breakdown has")
        return ""
    if writer.actors.ranks_first:
        own = "__other" if is_other else "NOT __other"
    else:
        own = f"({', '.join(names)}) NOT IN ({_greatest(query, writer)})" if is_other else ""
    values = [] if is_other else [f"{n} = {writer.draft.text(v)}" for n, v in zip(names, labels, strict=True)]
    return join_conditions([own, *values])


def _greatest(query: Funnel, writer: Attempts) -> str:
    """The values that have a line of their own."""
    names = ", ".join(writer.actors.names)
    rank = f"countIf(__t{query.from_step} != 0)" if query.view == "trend" else "count()"
    return (
        f"SELECT {names} FROM ({writer.select()}) GROUP BY {names} ORDER BY {rank} DESC, {names} "
        f"LIMIT {query.breakdown_limit}"
    )


def _read_label(value: object, path: str, parent: Reader) -> str:
    reader = Reader({"": value}, path, parent.notes)
    label = reader.text("", longest=10_000)
    return "" if label == NONE_LABEL else label


def _define(query: Funnel, before: int, step: int, outcome: str) -> str:
    reached = step_name(query, step)
    who = {"person": "People", "session": "People in sessions", "group": "People in groups"}[query.actor]
    if outcome == "dropped":
        return f"{who} who reached {step_name(query, before)} but not {reached}."
    return f"{who} who reached {reached}."
