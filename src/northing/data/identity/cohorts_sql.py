"""Definitions of cohorts to SQL: each criterion one bitmap of people, joined as sets are.

A day is one of the project's time zone, today included: the last 7 days are today and the six before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from northing.data.identity.cohorts import (
    Behaviour,
    Did,
    FirstTime,
    InCohort,
    Joined,
    Negated,
    NotDone,
    OfPerson,
    Rule,
    Sequence,
    Stopped,
    describe,
)
from northing.data.query.conditions import condition_sql, join_conditions
from northing.data.query.draft import Draft, merged_away
from northing.data.query.people import People, everyone_sql
from northing.data.query.ranges import EARLIEST, Range, end_of_running, start_of_day
from northing.data.query.scan import has_expression, scan
from northing.data.query.scope import Scope
from northing.data.query.statements import EVENTS, PERSONS, PROFILE, ROW

_JOIN = {"and": "bitmapAnd", "or": "bitmapOr"}
# Moments count from here, so that they stay positive; a millisecond has places for the order of the steps.
_EPOCH_MS = -round(EARLIEST.timestamp() * 1000)
_PLACES = 32


def cohort_people(rule: Rule, scope: Scope) -> People:
    """The people whom a definition means, now."""
    draft = Draft(scope)
    words = f"People who {describe(rule)}; days in {scope.timezone}, today included."
    return People(draft, f"SELECT arrayJoin(bitmapToArray({cohort_bitmap(rule, draft)})) AS __person", words)


def cohort_bitmap(rule: Rule, draft: Draft) -> str:
    """An expression whose value is the bitmap of the people whom a definition means."""
    match rule:
        case Joined(joint, members):
            return _join_bitmaps([cohort_bitmap(member, draft) for member in members], _JOIN[joint])
        case Negated(member):
            return _everyone_but(cohort_bitmap(member, draft), draft)
        case OfPerson():
            return _of_person(rule, draft)
        case InCohort(cohort):
            return members_bitmap((cohort,), draft)
        case Behaviour():
            return _behaviour(rule, draft)
        case FirstTime(did, days):
            since = f"min({ROW}.timestamp) >= {_moment(_last(days, draft.scope), draft)}"
            return _of_events(did, _last(None, draft.scope), draft, having=since)
        case NotDone(did, days):
            return _everyone_but(_of_events(did, _last(days, draft.scope), draft), draft)
        case Stopped():
            return _stopped(rule, draft)
        case Sequence():
            return _sequence(rule, draft)


def bitmap_of(people: str) -> str:
    """The people of a SELECT with one column `__person`, as a bitmap."""
    return f"(SELECT groupBitmapState(toUInt32(__person)) FROM ({people}))"


def members_bitmap(cohorts: Iterable[int], draft: Draft) -> str:
    """The people of cohorts as they were last worked out, as those they are after merges."""
    return bitmap_of(members_of(cohorts, draft))


def members_of(cohorts: Iterable[int], draft: Draft) -> str:
    """A SELECT of the same, with the column `__person`."""
    numbers = draft.bind(list(cohorts), "Array(UInt32)")
    own = f"__cohort.project_id = {draft.project} AND __cohort.cohort IN {numbers}"
    stored = f"SELECT arrayJoin(bitmapToArray(__cohort.persons)) AS __number FROM cohorts AS __cohort FINAL WHERE {own}"
    return f"SELECT {draft.person_of('__number')} AS __person FROM ({stored})"


def _join_bitmaps(bitmaps: list[str], function: str) -> str:
    if len(bitmaps) == 1:
        return bitmaps[0]
    # Halves, so that many criteria do not nest deep.
    middle = len(bitmaps) // 2
    return f"{function}({_join_bitmaps(bitmaps[:middle], function)}, {_join_bitmaps(bitmaps[middle:], function)})"


def _everyone_but(bitmap: str, draft: Draft) -> str:
    return f"bitmapAndnot({bitmap_of(everyone_sql(draft))}, {bitmap})"


def _of_person(rule: OfPerson, draft: Draft) -> str:
    """Everyone's stored numbers stand where an event's person does, so that conditions read the same."""
    ids = f"SELECT __id.person AS person FROM distinct_ids AS __id FINAL WHERE __id.project_id = {draft.project}"
    profiles = (
        f"SELECT {PROFILE}.person AS person FROM {PERSONS} WHERE {PROFILE}.project_id = {draft.project} "
        f"AND {PROFILE}.person NOT IN ({merged_away()})"
    )
    condition = condition_sql(rule.condition, draft)
    return bitmap_of(f"SELECT {draft.person} AS __person FROM ({ids} UNION ALL {profiles}) AS {ROW} WHERE {condition}")


def _behaviour(rule: Behaviour, draft: Draft) -> str:
    span = _last(rule.days, draft.scope)
    # Who never did it did it at most so many times, too.
    if rule.operator == "lte" or rule.times == 0:
        return _everyone_but(_of_events(rule.did, span, draft, having=f"count() > {rule.times}"), draft)
    sign = ">=" if rule.operator == "gte" else "="
    having = "" if (sign, rule.times) == (">=", 1) else f"count() {sign} {rule.times}"
    return _of_events(rule.did, span, draft, having=having)


def _stopped(rule: Stopped, draft: Draft) -> str:
    lately, before = _last(rule.days, draft.scope), _last(rule.before_days, draft.scope)
    earlier = Range(before.start, lately.start)
    return f"bitmapAndnot({_of_events(rule.did, earlier, draft)}, {_of_events(rule.did, lately, draft)})"


def _sequence(rule: Sequence, draft: Draft) -> str:
    steps = [_condition(step, draft) for step in rule.steps]
    where = scan(
        draft,
        _last(rule.days, draft.scope),
        [join_conditions(steps, "or")],
        guarded=has_expression(*(step.filters for step in rule.steps)),
    )
    return bitmap_of(
        f"SELECT {draft.person} AS __person FROM {EVENTS} {where} GROUP BY __person "
        f"HAVING {_longest(rule, steps)} = {len(steps)}"
    )


def _longest(rule: Sequence, steps: list[str]) -> str:
    """How many of the steps a person did one after the other in time; those of one millisecond in any order."""
    at = f"toUnixTimestamp64Milli({ROW}.timestamp) + {_EPOCH_MS}"
    within = rule.within_seconds * 1000
    names = [step.event for step in rule.steps]
    if None in names or len(set(names)) < len(names):
        # One event could be two of the steps, and must not be; this mode, which sees to it, costs more.
        return f"windowFunnel({within}, 'strict_once')(toUInt64({at}), {', '.join(steps)})"
    places = ", ".join(f"{step}, {place}" for place, step in enumerate(steps[:-1]))
    moment = f"toUInt64(({at}) * {_PLACES} + multiIf({places}, {len(steps) - 1}))"
    return f"windowFunnel({within * _PLACES + _PLACES - 1})({moment}, {', '.join(steps)})"


def _of_events(did: Did, span: Range, draft: Draft, *, having: str = "") -> str:
    condition = _condition(did, draft)
    where = scan(draft, span, [condition], guarded=has_expression(did.filters))
    grouped = f" GROUP BY __person HAVING {having}" if having else ""
    return bitmap_of(f"SELECT {draft.person} AS __person FROM {EVENTS} {where}{grouped}")


def _condition(did: Did, draft: Draft) -> str:
    event = f"{ROW}.event = {draft.text(did.event)}" if did.event is not None else ""
    own = condition_sql(did.filters, draft)
    return join_conditions([part for part in (event, own) if part and part != "true"])


def _last(days: int | None, scope: Scope) -> Range:
    end = end_of_running(scope.local_now, "day")
    if days is None:
        return Range(EARLIEST, end)
    return Range(start_of_day(scope.local_now.date() - timedelta(days=days - 1), scope.zone), end)


def _moment(span: Range, draft: Draft) -> str:
    return f"fromUnixTimestamp64Milli({draft.bind(round(span.start.timestamp() * 1000), 'Int64')}, 'UTC')"
