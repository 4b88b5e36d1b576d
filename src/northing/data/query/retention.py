"""The query kind `retention`: of the people who did something in a period, who came back in later ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from northing.data.query.draft import Draft
from northing.data.query.kinds import Kind
from northing.data.query.lifecycle_activity import shown_zone, whole_periods
from northing.data.query.people import People
from northing.data.query.ranges import Range
from northing.data.query.reader import Reader
from northing.data.query.retention_result import (
    breakdown_of,
    column_labels,
    matrices_of_actors,
    matrix_of_sets,
    render,
)
from northing.data.query.retention_spec import MAX_COHORTS, Retention, read_retention
from northing.data.query.retention_sql import HOUR_MS, LENGTHS_MS, RetentionPlan, actors, plan_actors, plan_sets
from northing.data.query.scope import Answer, Ask, Scope
from northing.data.query.suspects import Suspect
from northing.data.query.trends_result import NONE_LABEL, OTHER_LABEL
from northing.kernel.problems import invalid

_COHORTS = {
    "recurring": "A cohort is everyone with the target event in its period, so one may be in several",
    "first_time": "A cohort is everyone whose first target event in all history, filters applied, is in its period",
    "first_ever": "A cohort is everyone whose first event of the target's name in all history is in its period and "
    "matches the filters",
}


async def answer_retention(query: Retention, span: Range, scope: Scope, ask: Ask) -> Answer:
    """Cohorts, their columns and the mean line; with a breakdown also each value by itself."""
    plan = plan_retention(query, span, scope)
    overall = replace(plan, query=replace(query, breakdown=()))
    if overall.query.needs_actors:
        found = matrices_of_actors((await ask(plan_actors(overall))).rows, query)
        matrix = found.get((False, ""), matrix_of_sets(()))
    else:
        matrix = matrix_of_sets((await ask(plan_sets(overall))).rows)
    body: dict[str, Any] = {"labels": column_labels(query), **render(matrix, plan, scope.now)}
    if query.breakdown:
        matrices = matrices_of_actors((await ask(plan_actors(plan))).rows, query)
        body["breakdowns"] = breakdown_of(matrices, plan, scope.now)
    return Answer(body, define_retention(query, scope), plan.span.start, plan.span.end)


def plan_retention(query: Retention, span: Range, scope: Scope) -> RetentionPlan:
    """The range widened to whole periods; raises `Problem` where they are too many."""
    whole, buckets = whole_periods(span, query.period, scope)
    if len(buckets.starts) > MAX_COHORTS:
        hint = "Choose a longer period, or a shorter range."
        raise invalid("date_from", f"gives {len(buckets.starts)} cohorts; at most {MAX_COHORTS} are allowed", hint=hint)
    return RetentionPlan(query, scope, whole, buckets)


def plan_retention_people(query: Retention, span: Range, scope: Scope, point: Reader) -> People:
    """The point is `{cohort, interval, value?}`: indexes of row and column, and a breakdown's value as it is shown.

    Interval 0 is the whole cohort.
    """
    if query.group:
        raise invalid("query.aggregate_by", "counts groups, so no people are behind these numbers")
    plan = plan_retention(query, span, scope)
    cohort = point.integer("cohort", 0, least=0, most=len(plan.buckets.starts) - 1)
    column = point.integer("interval", 0, least=0, most=len(query.columns) - 1)
    value = point.text("value") if query.breakdown else ""
    if not value:
        plan = replace(plan, query=replace(query, breakdown=()))
    draft = Draft(scope)
    chosen = [f"__cohort = {cohort}", f"has(__columns, {column})"]
    if value:
        shown = f"if(__other, '{OTHER_LABEL}', if(__value = '', '{NONE_LABEL}', __value))"
        chosen.append(f"{shown} = {draft.text(value)}")
    sql = f"SELECT __actor AS __person FROM ({actors(plan, draft)}) WHERE {' AND '.join(chosen)}"
    words = f"In the cohort of {plan.buckets.starts[cohort]:%Y-%m-%d %H:%M}, counted in {column_labels(query)[column]}"
    return People(draft, sql, f"{words}{f', with {value}' if value else ''}. {define_retention(query, scope)}")


def define_retention(query: Retention, scope: Scope) -> str:
    """The definition in words."""
    who = f"groups of type {query.group}" if query.group else "people"
    parts = [
        f"Different {who} who came back. Target: {query.target.words()}; returning: {query.returning.words()}",
        _COHORTS[query.mode],
        "Column 0 is its size; a later column counts who had a returning event " + _when(query),
    ]
    if query.minimum > 1:
        parts.append(f"At least {query.minimum} returning events in one period are needed")
    if query.value:
        math = "sum" if query.value.math == "sum" else "average"
        parts.append(f"Amounts: {math} of {query.value.property} over the returning events of those counted")
    if query.breakdown:
        found = query.breakdown[0]
        parts.append(
            f"By {found.owner} property {found.name} of the target event: the {query.breakdown_limit} values with most "
            f"{who}, the rest as Other"
        )
    weighted = "over all of them together" if query.mean == "weighted" else "of the rates of the cohorts"
    parts.append(f"Mean: {weighted}, columns that are not over left out")
    parts.append(f"Periods: {query.period}s {shown_zone(query.period, scope)}")
    return ". ".join(parts) + "."


def _when(query: Retention) -> str:
    if query.rolling:
        hours = LENGTHS_MS[query.period] // HOUR_MS
        when = f"in that many spans of {hours} hours after its own first target event of the period"
    else:
        when = f"that many calendar {query.period}s later"
    return when + (" or in any later one of the range" if query.cumulative else "")


def _suspects(query: Retention, result: dict[str, Any]) -> Iterator[Suspect]:
    if not any(cohort["size"] for cohort in result["cohorts"]):
        yield from query.target.suspects()
        yield from query.breakdown
    if not any(sum(cohort["values"][1:]) for cohort in result["cohorts"]):
        yield from query.returning.suspects()


RETENTION = Kind("retention", read_retention, answer_retention, plan_retention_people, _suspects)
