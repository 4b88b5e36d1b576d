"""Funnel correlation: what goes with converting, and what with stopping.

Odds ratio of a thing: (converted with it * stopped without it) / (stopped with it * converted without it), with one
person added to each of the four counts, so that none is zero. What fewer than 25 people or 2 per cent of those who
entered have is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from northing.data.query.conditions import condition_sql
from northing.data.query.draft import Draft
from northing.data.query.funnel_spec import Correlate
from northing.data.query.funnel_sql import Attempts, FunnelPlan, plan_steps
from northing.data.query.properties import access_event, access_person
from northing.data.query.scan import has_expression, scan
from northing.data.query.scope import Ask
from northing.data.query.statements import EVENTS, PERSONS, PROFILE, ROW, Statement

MIN_PEOPLE = 25
MIN_SHARE = 0.02
MOST_SHOWN = 10
SKEWED = 10
# More different values than these of one property are names or numbers of single people.
_MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Table:
    """How many of those who converted and of those who stopped have a thing, and how many there are."""

    success: int
    failure: int
    successes: int
    failures: int

    @property
    def odds_ratio(self) -> float:
        """Above 1 where it goes with converting."""
        with_it, without = self.success + 1, self.successes - self.success + 1
        return with_it * (self.failures - self.failure + 1) / ((self.failure + 1) * without)

    @property
    def is_enough(self) -> bool:
        """Whether it is common enough to say anything."""
        people = self.success + self.failure
        return people >= MIN_PEOPLE and people >= MIN_SHARE * (self.successes + self.failures)


async def answer_correlation(plan: FunnelPlan, ask: Ask) -> dict[str, Any]:
    """`{success, failure, skewed}`: at most ten each of what goes with converting and with stopping."""
    reached = (await ask(plan_steps(plan))).rows[0]
    entered, converted = int(reached[0]), int(reached[len(plan.funnel.steps) - 1])
    rows = (await ask(plan_correlation(plan))).rows
    return show_correlation(rows, converted, entered - converted)


def show_correlation(rows: list[list[Any]], successes: int, failures: int) -> dict[str, Any]:
    """Rows event, property, value, people who converted, people who stopped."""
    found = [(tuple(row[:3]), Table(int(row[3]), int(row[4]), successes, failures)) for row in rows]
    kept = [(name, table) for name, table in found if table.is_enough]
    success = sorted((p for p in kept if p[1].odds_ratio > 1), key=lambda p: (-p[1].odds_ratio, p[0]))
    failure = sorted((p for p in kept if p[1].odds_ratio < 1), key=lambda p: (p[1].odds_ratio, p[0]))
    return {
        "success": [_show(*pair) for pair in success[:MOST_SHOWN]],
        "failure": [_show(*pair) for pair in failure[:MOST_SHOWN]],
        "skewed": max(successes, failures) > SKEWED * min(successes, failures),
        "converted": successes,
        "dropped": failures,
    }


def _show(name: tuple[str, str, str], table: Table) -> dict[str, Any]:
    event, label, value = name
    parts = {"event": event, "property": label, "value": value} if label else {"event": event}
    shown = {key: part for key, part in parts.items() if key != "event" or part}
    return {
        **shown,
        "success_count": table.success,
        "failure_count": table.failure,
        "odds_ratio": round(table.odds_ratio, 3),
    }


def plan_correlation(plan: FunnelPlan) -> Statement:
    """Rows event, property, value ('' where there is none), converted, stopped."""
    draft = Draft(plan.scope)
    correlate = plan.funnel.correlate or Correlate("events", "", ())
    last = len(plan.funnel.steps) - 1
    # Until they convert, or the window closes.
    until = f"if(__t{last} != 0, __t{last}, __t0 + {plan.funnel.window_ms})"
    writer = Attempts(plan, draft)
    attempts = (
        f"SELECT __actor AS __who, __t0 AS __first, {until} AS __until, __t{last} != 0 AS __success "
        f"FROM ({writer.select()})"
    )
    if correlate.what == "person_properties":
        return draft.statement(_of_persons(draft, attempts, correlate))
    return draft.statement(_of_events(plan, draft, attempts, correlate))


def _counted(rows: str) -> str:
    counts = "uniqExactIf(__who, __success) AS __with, uniqExactIf(__who, NOT __success) AS __against"
    return (
        f"SELECT __event, __label, __value, {counts} FROM ({rows}) GROUP BY __event, __label, __value "
        f"HAVING __with + __against >= {MIN_PEOPLE} ORDER BY __with + __against DESC, __event, __label, __value "
        f"LIMIT {_MOST_ROWS}"
    )


def _of_events(plan: FunnelPlan, draft: Draft, attempts: str, correlate: Correlate) -> str:
    """What people did after entering, until they converted or the window closed."""
    funnel = plan.funnel
    base = draft.bind(round(plan.span.start.timestamp() * 1000) - 2, "Int64")
    named = draft.texts(tuple(sorted({step.event for step in funnel.steps if step.event is not None})))
    conditions = [condition_sql(funnel.filters, draft)]
    pairs = "('', '')"
    if correlate.what == "event_properties":
        conditions.append(f"{ROW}.event = {draft.text(correlate.event)}")
        pairs = _pairs([(name, access_event(name).text) for name in correlate.properties], f"{ROW}.properties", draft)
    else:
        conditions.append(f"{ROW}.event NOT IN {named}")
    where = scan(draft, plan.span, conditions, guarded=has_expression(*funnel.every_filter))
    events = (
        f"SELECT {draft.person} AS __whose, toString({ROW}.event) AS __event, "
        f"toUnixTimestamp64Milli({ROW}.timestamp) - {base} AS __time, {pairs} AS __pair FROM {EVENTS} {where}"
    )
    rows = (
        "SELECT __who, __success, __event, __pair.1 AS __label, __pair.2 AS __value "
        f"FROM ({events}) AS __done INNER JOIN ({attempts}) AS __tried ON __whose = __who "
        "WHERE __time > __first AND __time < __until"
    )
    return _counted(rows)


def _of_persons(draft: Draft, attempts: str, correlate: Correlate) -> str:
    """What people are."""
    pairs = _pairs([(name, access_person(name).text) for name in correlate.properties], f"{PROFILE}.properties", draft)
    profiles = (
        f"SELECT {PROFILE}.person AS __whose, {pairs} AS __pair FROM {PERSONS} "
        f"WHERE {PROFILE}.project_id = {draft.project}"
    )
    rows = (
        "SELECT __who, __success, '' AS __event, __pair.1 AS __label, __pair.2 AS __value "
        f"FROM ({profiles}) AS __done INNER JOIN ({attempts}) AS __tried ON __whose = __who"
    )
    return _counted(rows)


def _pairs(named: list[tuple[str, str]], properties: str, draft: Draft) -> str:
    """A row for each property and its value: those named, or all."""
    if named:
        listed = ", ".join(f"({draft.text(name)}, toString({text}))" for name, text in named)
        return f"arrayJoin(arrayFilter(p -> p.2 != '', [{listed}]))"
    return f"arrayJoin(JSONExtractKeysAndValues(toJSONString({properties}), 'String'))"
