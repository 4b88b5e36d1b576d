"""The query kind `lifecycle`: the people active in each period, by whether they are new, and who went quiet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from northing.data.query.buckets import Buckets, first_incomplete
from northing.data.query.draft import Draft
from northing.data.query.filters import ALWAYS
from northing.data.query.kinds import Kind
from northing.data.query.lifecycle_activity import (
    Activity,
    index_sql,
    read_activity,
    sets_by_bucket,
    sets_of_history,
    shown_zone,
    whole_periods,
)
from northing.data.query.people import People
from northing.data.query.ranges import Interval, Range, read_interval
from northing.data.query.reader import Reader
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.statements import PERSONS, PROFILE, ROW, Statement
from northing.data.query.suspects import Suspect
from northing.kernel.clock import rfc3339

STATUSES = ("new", "returning", "resurrecting", "dormant")
_STAYED = "bitmapAndnot(bitmapAnd(__now, __before), __made)"
_SETS = {
    "new": "bitmapAnd(__now, __made)",
    "returning": _STAYED,
    "resurrecting": "bitmapAndnot(bitmapAndnot(__now, __before), __made)",
    "dormant": "bitmapAndnot(__before, __now)",
}


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Which events count as activity, and the length of a period."""

    activity: Activity
    interval: Interval


@dataclass(frozen=True, slots=True)
class LifecyclePlan:
    """What the statement needs; bucket 0 is the one before the range asked for.

    `has_strangers` says that some of the active may have no profile: their first event then stands for its creation.
    """

    query: Lifecycle
    scope: Scope
    span: Range
    buckets: Buckets
    has_strangers: bool = True


def read_lifecycle(reader: Reader, scope: Scope) -> Lifecycle:
    """Read every field but the dates."""
    return Lifecycle(read_activity(reader, scope), read_interval(reader))


async def answer_lifecycle(query: Lifecycle, span: Range, scope: Scope, ask: Ask) -> Answer:
    """Four series; the history is read only where somebody active has no profile."""
    whole, buckets = whole_periods(span, query.interval, scope, before=1)
    has_profiles = bool((await ask(plan_has_profiles(scope))).rows)
    plan = LifecyclePlan(query, scope, whole, buckets, has_strangers=not has_profiles)
    rows = (await ask(plan_lifecycle(plan))).rows
    if has_profiles and any(int(row[-1]) for row in rows):
        rows = (await ask(plan_lifecycle(LifecyclePlan(query, scope, whole, buckets)))).rows
    data = {int(row[0]): [int(number) for number in row[1:]] for row in rows}
    starts = buckets.starts[1:]
    body: dict[str, Any] = {
        "labels": [rfc3339(start) for start in starts],
        "series": [
            {"name": name, "data": [_signed(name, data, i + 1) for i in range(len(starts))]} for name in STATUSES
        ],
    }
    shown = Buckets(starts, buckets.keys[1:], buckets.expression)
    incomplete = first_incomplete(shown, whole.end, scope.now)
    if incomplete is not None:
        body["incomplete_from"] = incomplete
    return Answer(body, define_lifecycle(query, scope), starts[0], whole.end)


def _signed(name: str, data: dict[int, list[int]], at: int) -> int:
    number = data[at][STATUSES.index(name)] if at in data else 0
    return -number if name == "dormant" else number


def plan_has_profiles(scope: Scope) -> Statement:
    """A row where the project has any profile."""
    draft = Draft(scope)
    return draft.statement(f"SELECT 1 FROM persons AS {PROFILE} WHERE {PROFILE}.project_id = {draft.project} LIMIT 1")


def plan_lifecycle(plan: LifecyclePlan) -> Statement:
    """Rows bucket, new, returning, resurrecting, dormant, active people without a profile."""
    draft = Draft(plan.scope)
    counts = ", ".join(f"bitmapCardinality({_SETS[name]})" for name in STATUSES)
    everyone = f"(SELECT groupBitmapState(__owner) FROM ({_profiles(draft)}))"
    strangers = "0" if plan.has_strangers else f"bitmapAndnotCardinality(__now, {everyone})"
    return draft.statement(f"SELECT __at, {counts}, {strangers} FROM ({_states(plan, draft)}) WHERE __at > 0")


def _states(plan: LifecyclePlan, draft: Draft) -> str:
    """Per bucket: who is active now, who was in the bucket before, and who was made in it."""
    made = f"SELECT __index AS __at, __set AS __people, 2 AS __role FROM ({_made(plan, draft)})"
    source = f"{_active(plan, draft)} UNION ALL {made}"
    names = ("__now", "__before", "__made")
    sets = ", ".join(f"groupBitmapOrStateIf(__people, __role = {i}) AS {name}" for i, name in enumerate(names))
    last = len(plan.buckets.keys) - 1
    return f"SELECT __at, {sets} FROM ({source}) WHERE __at BETWEEN 0 AND {last} GROUP BY __at"


def _active(plan: LifecyclePlan, draft: Draft) -> str:
    """A SELECT of `__at __people __role`: each set is that of its bucket, and the one before for the next.

    Where there are strangers, all history is read instead of the range, once for both: who of them appeared in it.
    """
    activity = plan.query.activity
    if not plan.has_strangers:
        sets = sets_by_bucket(activity, plan.span, plan.buckets, draft)
        return f"SELECT __index + __role AS __at, __set AS __people, __role FROM ({sets}) ARRAY JOIN [0, 1] AS __role"
    anything = Activity(None, ALWAYS)
    condition = activity.condition(draft)
    counted = "" if condition == "true" else condition
    history = sets_of_history(anything, plan.span, plan.buckets, draft, counted=counted)
    everyone = f"(SELECT groupBitmapState(__owner) FROM ({_profiles(draft)}))"
    appeared = f"bitmapAndnot(bitmapAndnot(__set, __earlier), {everyone})"
    return (
        "SELECT __index + (__part.2 = 1) AS __at, __part.1 AS __people, __part.2 AS __role FROM "
        f"({history}) ARRAY JOIN [(__counted, 0), (__counted, 1), ({appeared}, 2)] AS __part"
    )


def _profiles(draft: Draft) -> str:
    """Everyone with a profile and the time it was made; of people merged into one, the earliest."""
    return (
        f"SELECT {draft.person_of(f'{PROFILE}.person')} AS __owner, min({PROFILE}.created_at) AS __created "
        f"FROM {PERSONS} WHERE {PROFILE}.project_id = {draft.project} GROUP BY __owner"
    )


def _made(plan: LifecyclePlan, draft: Draft) -> str:
    """Sets of the people whose profile was made in a bucket."""
    # Under the name of the events, so that the buckets' expression is good for them, too.
    rows = f"SELECT __owner, __created AS timestamp FROM ({_profiles(draft)})"
    per_key = (
        f"SELECT {plan.buckets.expression} AS __key, groupBitmapState({ROW}.__owner) AS __members "
        f"FROM ({rows}) AS {ROW} GROUP BY __key"
    )
    return f"SELECT {index_sql('__key', plan.buckets)} AS __index, __members AS __set FROM ({per_key})"


def plan_lifecycle_people(query: Lifecycle, span: Range, scope: Scope, point: Reader) -> People:
    """The point is `{bucket, status}`: the index of a label, and new, returning, resurrecting or dormant."""
    whole, buckets = whole_periods(span, query.interval, scope, before=1)
    bucket = point.integer("bucket", 0, least=0, most=len(buckets.starts) - 2)
    status = point.choice("status", STATUSES, "new")
    draft = Draft(scope)
    states = _states(LifecyclePlan(query, scope, whole, buckets), draft)
    sql = f"SELECT arrayJoin(bitmapToArray({_SETS[status]})) AS __person FROM ({states}) WHERE __at = {bucket + 1}"
    start = buckets.starts[bucket + 1]
    return People(draft, sql, f"The {status} of {start:%Y-%m-%d %H:%M}. {define_lifecycle(query, scope)}")


def define_lifecycle(query: Lifecycle, scope: Scope) -> str:
    """The definition in words."""
    return (
        f"People by {query.interval} {shown_zone(query.interval, scope)}; active means {query.activity.words()}. New: "
        "active in the period their profile was made in (without a profile: that of their first event of all). "
        "Returning: else, active in the period before, too. Resurrecting: else. Dormant, below zero: active in the "
        "period before and not in this one. The first three add up to all active people. Whole periods are read."
    )


def _suspects(query: Lifecycle, result: dict[str, Any]) -> Iterator[Suspect]:
    if not any(any(series["data"]) for series in result["series"]):
        yield from query.activity.suspects()


LIFECYCLE = Kind("lifecycle", read_lifecycle, answer_lifecycle, plan_lifecycle_people, _suspects)
