"""The engine's retention against the reference, on random worlds around changes of clocks."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from northing.data.query.requests import parse_request
from northing.data.query.retention import plan_retention
from northing.data.query.retention_result import matrices_of_actors, matrix_of_sets
from northing.data.query.retention_sql import plan_actors, plan_sets
from northing.data.store import LocalStore, Store
from tests.data.query import retention_reference
from tests.data.query.activity_reference import NOW, Life, lives
from tests.data.query.retention_reference import Asked
from tests.data.query.world import World
from tests.support.engine import next_project_id

_names = st.sampled_from([None, "a", "b"])


@st.composite
def questions(draw: st.DrawFn) -> tuple[Asked, dict[str, Any]]:
    """The same options for the reference and for the request."""
    brackets = draw(st.sampled_from([None, None, [1, 3, 7], [2]]))
    intervals = draw(st.integers(1, 6))
    columns = [(0, 0)]
    for length in brackets or [1] * (intervals - 1):
        columns.append((columns[-1][1] + 1, columns[-1][1] + length))
    asked = Asked(
        target=draw(_names),
        returning=draw(_names),
        mode=draw(st.sampled_from(["recurring", "first_time", "first_ever"])),
        columns=columns,
        cumulative=draw(st.booleans()),
        rolling=draw(st.sampled_from([False, False, True])),
        minimum=draw(st.sampled_from([1, 1, 2])),
        plan=draw(st.sampled_from([None, None, "x"])),
    )
    filters = [{"property": "plan", "value": asked.plan}] if asked.plan else None
    return asked, {
        "target": {"event": asked.target, "filters": filters},
        "returning": {"event": asked.returning},
        "mode": asked.mode,
        "intervals": intervals,
        "brackets": brackets,
        "cumulative": asked.cumulative,
        "rolling": asked.rolling,
        "minimum_occurrences": asked.minimum,
    }


@pytest.mark.parametrize("period", ["hour", "day", "week", "month"])
def test_equals_the_reference(engine: Store, event_store: LocalStore, period: str) -> None:
    @settings(max_examples=15, deadline=None)
    @given(lives(period), questions())
    def check(life: Life, question: tuple[Asked, dict[str, Any]]) -> None:
        asked, options = question
        world = life.build(World(engine, event_store, next_project_id()))
        result = world.ask(life.body("retention", **options), **life.clock()).result
        assert [cohort["values"] for cohort in result["cohorts"]] == retention_reference.matrix(life, asked)

    check()


@settings(max_examples=15, deadline=None)
@given(lives("day", days=4), questions())
def test_both_plans_agree(
    engine: Store, event_store: LocalStore, life: Life, question: tuple[Asked, dict[str, Any]]
) -> None:
    world = life.build(World(engine, event_store, next_project_id()))
    body = {**life.body("retention", **question[1]), "rolling": False}
    request = parse_request(body, world._scope(NOW, life.zone, life.week))
    plan = plan_retention(request.query, request.span, request.scope)

    def rows(planned: Any) -> list[list[Any]]:
        return asyncio.run(event_store.query(planned.sql, planned.params)).rows

    sets = matrix_of_sets(rows(plan_sets(plan))).people
    actors = matrices_of_actors(rows(plan_actors(plan)), plan.query)
    found = actors[False, ""].people if actors else {}
    assert {cell: n for cell, n in sets.items() if n} == found


@settings(max_examples=15, deadline=None)
@given(lives("day", days=4), questions(), st.integers(0, 8), st.integers(0, 5))
def test_as_many_people_as_the_number_says(
    engine: Store, event_store: LocalStore, life: Life, question: tuple[Asked, dict[str, Any]], row: int, column: int
) -> None:
    world = life.build(World(engine, event_store, next_project_id()))
    body = life.body("retention", **question[1])
    cohorts = world.ask(body, **life.clock()).result["cohorts"]
    row %= len(cohorts)
    column %= len(cohorts[row]["values"])
    people = world.people(body, {"cohort": row, "interval": column}, **life.clock())
    assert len(people) == cohorts[row]["values"][column]


@settings(max_examples=20, deadline=None)
@given(lives("week"))
def test_first_time_sizes_are_the_people_whose_first_event_it_was(
    engine: Store, event_store: LocalStore, life: Life
) -> None:
    """Everyone who was active is in one cohort: together as many as trends counts, where all began in the range."""
    world = life.build(World(engine, event_store, next_project_id()))
    body = life.body("retention", target={"event": "a"}, mode="first_time")
    answer = world.ask(body, **life.clock())
    assert answer.date_from
    assert answer.date_to
    earlier = {life.person(e) for e in life.events if e.event == "a" and e.at < answer.date_from}
    during = {life.person(e) for e in life.events if e.event == "a" and answer.date_from <= e.at < answer.date_to}
    assert sum(c["size"] for c in answer.result["cohorts"]) == len(during - earlier)
    if not earlier:
        dates = {"date_from": answer.date_from.isoformat(), "date_to": answer.date_to.isoformat()}
        found = world.trends([{"event": "a", "math": "unique"}], **dates, **life.clock())
        assert found["series"][0]["total"] == sum(c["size"] for c in answer.result["cohorts"])
