"""Funnel correlation with values of properties, which may be millions, most of them of one person each.

Values that enough people have are found first, among one in so many people, and then counted among all. A value that
two in a hundred have would have to be had by half as many of 5,000 people drawn by hash, to be missed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from northing.data.query.conditions import condition_sql
from northing.data.query.draft import Draft, person_sql
from northing.data.query.filters import Expression, Group
from northing.data.query.funnel_actors import FIRST_TIME
from northing.data.query.funnel_spec import Correlate
from northing.data.query.funnel_sql import Attempts, FunnelPlan
from northing.data.query.properties import DOLLAR_COLUMNS, access_event, access_person, property_fault
from northing.data.query.scan import has_expression, scan
from northing.data.query.scope import Ask
from northing.data.query.statements import EVENTS, PERSONS, PROFILE, ROW, Statement

MIN_PEOPLE = 25
MIN_SHARE = 0.02
COUNTS = "uniqExactIf(__who, __success) AS __with, uniqExactIf(__who, NOT __success) AS __against"
_SAMPLED_PEOPLE = 5_000
_SAMPLED_ROWS = 50_000
_MOST_NAMES = 200
_MOST_VALUES = 2_000
# Not what anybody is or did.
_NO_TRAITS = frozenset(("$ip", "$session_id"))


async def count_values(plan: FunnelPlan, correlate: Correlate, entered: int, ask: Ask) -> list[list[Any]]:
    """Rows event, property, value, people who converted, people who stopped."""
    names = correlate.properties or _usable((await ask(plan_names(plan, correlate))).rows[0][0], correlate)
    if not names:
        return []
    found = (await ask(plan_values(plan, correlate, names, entered))).rows
    values = {int(row[2]): (str(row[0]), str(row[1])) for row in found}
    if not values:
        return []
    kept = tuple(name for name in names if any(name == label for label, _ in values.values()))
    rows = (await ask(plan_counts(plan, correlate, kept, list(values)))).rows
    return [[correlate.event, *values[int(key)], success, failure] for key, success, failure in rows]


def _usable(paths: list[str], correlate: Correlate) -> tuple[str, ...]:
    names = {path for path in paths if not property_fault(path)}
    if correlate.what == "event_properties":
        names |= DOLLAR_COLUMNS.keys() - _NO_TRAITS | {"channel"}
    return tuple(sorted(names)[:_MOST_NAMES])


def plan_names(plan: FunnelPlan, correlate: Correlate) -> Statement:
    """One row: the names of properties in a sample of the events, or of the people."""
    draft = Draft(plan.scope)
    if correlate.what == "person_properties":
        rows = f"SELECT {PROFILE}.properties AS __found FROM {PERSONS} WHERE {PROFILE}.project_id = {draft.project}"
    else:
        rows = f"SELECT {ROW}.properties AS __found FROM {EVENTS} {_where(plan, draft, _of(correlate, draft))}"
    return draft.statement(f"SELECT distinctJSONPaths(__found) FROM ({rows} LIMIT {_SAMPLED_ROWS})")


def plan_values(plan: FunnelPlan, correlate: Correlate, names: tuple[str, ...], entered: int) -> Statement:
    """Rows property, value and their hash, of values that enough people may have."""
    one_in = max(1, entered // _SAMPLED_PEOPLE)
    least = max(float(MIN_PEOPLE), MIN_SHARE * entered)
    if one_in > 1:
        plan, least = _sampled(plan, one_in), least / one_in / 2
    draft = Draft(plan.scope)
    pairs = ", ".join(f"({draft.text(name)}, {text})" for name, text in _texts(correlate, names))
    things = f"arrayFilter(p -> p.2 != '', [{pairs}])"
    rows = select_tried(plan, draft, _select_things(plan, draft, correlate, things))
    return draft.statement(
        "SELECT __pair.1, __pair.2, cityHash64(__pair.1, __pair.2) AS __key "
        f"FROM (SELECT __who, arrayJoin(__thing) AS __pair FROM ({rows})) GROUP BY __pair "
        f"HAVING uniqExact(__who) >= {least} ORDER BY uniqExact(__who) DESC, __pair LIMIT {_MOST_VALUES}"
    )


def plan_counts(plan: FunnelPlan, correlate: Correlate, names: tuple[str, ...], keys: list[int]) -> Statement:
    """Rows hash of property and value, people who converted, people who stopped."""
    draft = Draft(plan.scope)
    hashes = ", ".join(f"cityHash64({draft.text(name)}, {text})" for name, text in _texts(correlate, names))
    things = f"arrayFilter(h -> h IN {draft.bind(keys, 'Array(UInt64)')}, [{hashes}])"
    rows = select_tried(plan, draft, _select_things(plan, draft, correlate, things))
    return draft.statement(
        f"SELECT __key, {COUNTS} FROM (SELECT __who, __success, arrayJoin(__thing) AS __key FROM ({rows})) "
        f"GROUP BY __key HAVING __with + __against >= {MIN_PEOPLE} ORDER BY __key"
    )


def select_tried(plan: FunnelPlan, draft: Draft, done: str) -> str:
    """Rows `__who`, `__success` and `__thing` of what is `done` by, or true of, those who entered.

    `done` has `__whose`, `__thing` and `__time`: done after entering, until they converted or the window closed.
    """
    last = len(plan.funnel.steps) - 1
    until = f"if(__t{last} != 0, __t{last}, __t0 + {plan.funnel.window_ms})"
    tried = (
        f"SELECT __actor AS __who, __t0 AS __first, {until} AS __until, __t{last} != 0 AS __success "
        f"FROM ({Attempts(plan, draft).select()})"
    )
    return (
        f"SELECT __who, __success, __thing FROM ({done}) AS __done INNER JOIN ({tried}) AS __tried "
        "ON __whose = __who WHERE __time IS NULL OR (__time > __first AND __time < __until)"
    )


def select_done(plan: FunnelPlan, draft: Draft, thing: str, condition: str) -> str:
    """Events as rows for `select_tried`."""
    base = draft.bind(round(plan.span.start.timestamp() * 1000) - FIRST_TIME, "Int64")
    return (
        f"SELECT {draft.person} AS __whose, toNullable(toUnixTimestamp64Milli({ROW}.timestamp) - {base}) AS __time, "
        f"{thing} AS __thing FROM {EVENTS} {_where(plan, draft, condition)}"
    )


def _select_things(plan: FunnelPlan, draft: Draft, correlate: Correlate, things: str) -> str:
    if correlate.what == "event_properties":
        return select_done(plan, draft, things, _of(correlate, draft))
    return (
        f"SELECT {PROFILE}.person AS __whose, NULL::Nullable(Int64) AS __time, {things} AS __thing FROM {PERSONS} "
        f"WHERE {PROFILE}.project_id = {draft.project}"
    )


def _of(correlate: Correlate, draft: Draft) -> str:
    return f"{ROW}.event = {draft.text(correlate.event)}"


def _where(plan: FunnelPlan, draft: Draft, condition: str) -> str:
    funnel = plan.funnel
    conditions = [condition_sql(funnel.filters, draft), condition]
    return scan(draft, plan.span, conditions, guarded=has_expression(*funnel.every_filter))


def _texts(correlate: Correlate, names: tuple[str, ...]) -> list[tuple[str, str]]:
    access = access_event if correlate.what == "event_properties" else access_person
    return [(name, f"toString({access(name).text})") for name in names]


def _sampled(plan: FunnelPlan, one_in: int) -> FunnelPlan:
    """The funnel of one in so many people, drawn by a hash of their number."""
    drawn = [f"cityHash64({person_sql(f'{ROW}.person', merged=merged)}) % {one_in} = 0" for merged in (False, True)]
    filters = Group("and", (plan.funnel.filters, Expression(drawn[0], drawn[1])))
    return replace(plan, funnel=replace(plan.funnel, filters=filters))
