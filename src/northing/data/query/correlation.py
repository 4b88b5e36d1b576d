"""Funnel correlation: what goes with converting, and what with stopping.

Odds ratio of a thing: (converted with it * stopped without it) / (stopped with it * converted without it), with one
person added to each of the four counts, so that none is zero. What fewer than 25 people or 2 per cent of those who
entered have is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from northing.data.query.correlation_values import (
    COUNTS,
    MIN_PEOPLE,
    MIN_SHARE,
    count_values,
    select_done,
    select_tried,
)
from northing.data.query.draft import Draft
from northing.data.query.funnel_sql import FunnelPlan, plan_steps
from northing.data.query.scope import Ask
from northing.data.query.statements import ROW, Statement

MOST_SHOWN = 10
SKEWED = 10
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
    if plan.funnel.correlate is None or plan.funnel.correlate.what == "events":
        rows = (await ask(plan_correlation(plan))).rows
    else:
        rows = await count_values(plan, plan.funnel.correlate, entered, ask)
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
    """What people did after entering, until they converted or the window closed.

    Rows event, '', '', people who converted, people who stopped.
    """
    draft = Draft(plan.scope)
    named = draft.texts(tuple(sorted({step.event for step in plan.funnel.steps if step.event is not None})))
    events = select_done(plan, draft, f"toString({ROW}.event)", f"{ROW}.event NOT IN {named}")
    return draft.statement(
        f"SELECT __thing, '', '', {COUNTS} FROM ({select_tried(plan, draft, events)}) GROUP BY __thing "
        f"HAVING __with + __against >= {MIN_PEOPLE} ORDER BY __with + __against DESC, __thing LIMIT {_MOST_ROWS}"
    )
