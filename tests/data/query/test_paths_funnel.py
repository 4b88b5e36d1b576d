"""Paths within a funnel: small worlds to the last number, and random ones against the references of both kinds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from northing.data.query.requests import parse_request
from northing.data.query.scope import Scope
from northing.data.store import LocalStore, Store
from northing.kernel.problems import Problem
from tests.data.query import funnel_reference, paths_reference
from tests.data.query.funnel_reference import Event, Question
from tests.data.query.paths_reference import Asked, Step, Within
from tests.data.query.test_funnel_reference import HOUR, START, _event, body, make_world, questions
from tests.data.query.world import NOW, World
from tests.support.engine import next_project_id

FUNNEL = {"steps": ["signed_up", "order_paid"], "window": {"value": 2, "unit": "hour"}}


def did(world: World, person: int, *events: str) -> None:
    """Events as `name at hh:mm`, on one day."""
    for event in events:
        name, _, clock = event.partition(" at ")
        page = {"path": name} if name.startswith("/") else {}
        world.add("$pageview" if page else name, f"2020-01-02 {clock}:00", person, **page)


def make_example(world: World) -> None:
    """docs/queries/paths.md."""
    did(world, 1, "/ at 10:00", "signed_up at 10:10", "/pricing at 10:50", "order_paid at 11:30", "/ at 11:40")
    did(world, 2, "signed_up at 10:00", "/help at 10:20", "/ at 12:30")
    did(world, 3, "/pricing at 10:00", "/help at 10:01")


def ask(world: World, part: str, **more: Any) -> Any:
    within = {"funnel": FUNNEL, "part": part, **more}
    return world.ask({"kind": "paths", "include": ["$pageview", "custom_event"], "within": within})


def commonest(world: World, part: str, **more: Any) -> list[list[str]]:
    return [one["path"] for one in ask(world, part, **more).result["common"]]


@pytest.mark.parametrize(
    ("part", "step", "outcome", "path"),
    [
        ("between", 1, "converted", ["signed_up", "/pricing", "order_paid"]),
        ("before", 1, "converted", ["/", "signed_up", "/pricing", "order_paid"]),
        ("after", 1, "converted", ["order_paid", "/"]),
        ("before", 0, "converted", ["/", "signed_up"]),
        # The page half past twelve is later than the two hours of the funnel.
        ("after", 1, "dropped", ["signed_up", "/help"]),
    ],
)
def test_the_example_of_the_docs(world: World, part: str, step: int, outcome: str, path: list[str]) -> None:
    make_example(world)
    assert commonest(world, part, step=step, outcome=outcome) == [path]


def test_pauses_do_not_cut(world: World) -> None:
    make_example(world)
    assert [edge["average_seconds"] for edge in ask(world, "between").result["edges"]] == [2400, 2400]


def test_before_keeps_the_last_steps_and_nobody_drops_off(world: World) -> None:
    did(world, 1, "/a at 10:00", "/b at 10:01", "signed_up at 10:02", "order_paid at 10:03")
    within = {"funnel": FUNNEL, "part": "before"}
    include = ["$pageview", "custom_event"]
    result = world.ask({"kind": "paths", "include": include, "step_limit": 3, "within": within}).result
    assert result["common"] == [{"path": ["/b", "signed_up", "order_paid"], "value": 1}]
    assert result["drop_offs"] == []


def test_between_keeps_both_ends(world: World) -> None:
    did(world, 1, "signed_up at 10:00", "/a at 10:01", "/b at 10:02", "/c at 10:03", "order_paid at 10:04")
    query = {"kind": "paths", "include": ["$pageview", "custom_event"], "within": {"funnel": FUNNEL}}
    result = world.ask({**query, "step_limit": 3}).result
    assert result["common"] == [{"path": ["signed_up", "...", "order_paid"], "value": 1}]
    with pytest.raises(Problem, match="step_limit"):
        world.ask({**query, "step_limit": 2})


def test_of_several_attempts_the_one_that_counts(world: World) -> None:
    did(world, 1, "signed_up at 07:00", "/old at 07:01", "signed_up at 10:00", "/new at 10:01", "order_paid at 10:30")
    assert commonest(world, "between") == [["signed_up", "/new", "order_paid"]]


def test_the_window_is_inclusive(world: World) -> None:
    did(world, 1, "/old at 07:59", "/new at 08:00", "signed_up at 10:00", "/near at 12:00", "/far at 12:01")
    assert commonest(world, "before", step=0) == [["/new", "signed_up"]]
    assert commonest(world, "after", step=0) == [["signed_up", "/near"]]


def test_who_walked_it(world: World) -> None:
    make_example(world)
    query = {
        "kind": "paths",
        "include": ["$pageview", "custom_event"],
        "within": {"funnel": FUNNEL, "part": "after", "step": 0},
    }
    assert world.people(query, {"node": "1_signed_up"}) == {1, 2}
    assert world.people(query, {"source": "1_signed_up", "target": "2_/help"}) == {2}


def test_the_definition_says_whose_and_when(world: World) -> None:
    said = ask(world, "after", outcome="dropped").definition
    assert "those who reached signed_up but not order_paid in the funnel, after signed_up, up to 2 hours" in said
    assert "30 minutes" not in said


@pytest.mark.parametrize(
    ("within", "path"),
    [
        ("x", "within"),
        ({"part": "between"}, "within.funnel"),
        ({"funnel": {"steps": ["a"]}}, "within.funnel.steps"),
        ({"funnel": FUNNEL, "part": "beside"}, "within.part"),
        ({"funnel": FUNNEL, "step": 2}, "within.step"),
        ({"funnel": FUNNEL, "step": 0}, "within.step"),
        ({"funnel": FUNNEL, "part": "after", "step": 0, "outcome": "dropped"}, "within.step"),
        ({"funnel": FUNNEL, "outcome": "dropped"}, "within.part"),
        ({"funnel": {**FUNNEL, "aggregate_by": "session"}}, "within.funnel.aggregate_by"),
    ],
)
def test_faults(world: World, within: Any, path: str) -> None:
    with pytest.raises(Problem) as caught:
        world.ask({"kind": "paths", "within": within})
    assert path in [error.path for error in caught.value.errors]


def test_a_saved_funnel_may_be_given_as_it_is(world: World) -> None:
    make_example(world)
    saved = {"kind": "funnel", **FUNNEL, "view": "trend", "breakdown": ["browser"], "date_from": "-7d"}
    query = {"kind": "paths", "include": ["custom_event"], "within": {"funnel": saved}}
    assert world.ask(query).result["common"] == [{"path": ["signed_up", "order_paid"], "value": 1}]
    assert parse_request(query, Scope(1, "UTC", "monday", NOW)).warnings == ()


# Closer together than the funnels' own worlds, and of fewer people, so that paths have several steps.
_dense = st.lists(st.builds(replace, _event, at=st.integers(0, 12).map(lambda n: n * HOUR)), min_size=20, max_size=40)


@st.composite
def parts(draw: st.DrawFn) -> tuple[str, int, str]:
    part = draw(st.sampled_from(["before", "between", "after"]))
    outcome = "converted" if part == "between" else draw(st.sampled_from(["converted", "dropped"]))
    least = 0 if outcome == "converted" and part != "between" else 1
    return part, draw(st.sampled_from([least, 1, 2, 4])), outcome


def test_equals_the_references(engine: Store, event_store: LocalStore) -> None:
    hashes = {name: int(engine.query(f"SELECT toString(cityHash64('{name}'))").rows[0][0]) for name in "abcx"}

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(_dense, questions(), parts(), st.integers(3, 6))
    def check(events: list[Event], asked: Question, chosen: tuple[str, int, str], steps: int) -> None:
        part, step, outcome = chosen[0], min(chosen[1], len(asked.steps) - 1), chosen[2]
        world = World(engine, event_store, next_project_id())
        merged = make_world(world, events)
        within = within_of(funnel_reference.paths(merged, asked), asked, (part, step, outcome))
        walked = [Step(e.person, moment(e.at), e.event) for e in merged]
        expected = Asked(step_limit=steps, within=within)
        funnel = body(asked)
        query = {"kind": "paths", "include": ["custom_event"], "step_limit": steps}
        dates = {name: funnel.pop(name) for name in ("date_from", "date_to")}
        query |= {**dates, "within": {"funnel": funnel, "part": part, "step": step, "outcome": outcome}}
        result = world.ask(query).result
        assert result == paths_reference.answer(walked, expected, hashes.__getitem__)
        walkers = paths_reference.people(walked, expected, hashes.__getitem__)
        for edge in result["edges"][:2]:
            point = {"source": edge["source"], "target": edge["target"]}
            assert world.people(query, point) == walkers[edge["source"], edge["target"]]

    check()


def within_of(found: dict[int, funnel_reference.Path], asked: Question, chosen: tuple[str, int, str]) -> Within:
    """From when to when the part of each person lasts who has one."""
    part, step, outcome = chosen
    before = max((j for j in range(step) if not asked.steps[j].optional), default=0)
    anchor = step if outcome == "converted" else before
    bounds = {}
    for person, path in found.items():
        if anchor not in path or (outcome == "dropped" and step in path):
            continue
        at = path[anchor].at
        since, until = {
            "before": (at - asked.window, at),
            "after": (at, at + asked.window),
            "between": (path[before].at, at),
        }[part]
        bounds[person] = (moment(since), moment(until))
    return Within(part, bounds)


def moment(milliseconds: int) -> datetime:
    return START + timedelta(milliseconds=milliseconds)
