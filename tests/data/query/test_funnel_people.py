"""Who is behind the numbers of a funnel."""

from __future__ import annotations

from typing import Any

import pytest

from northing.kernel.problems import Problem
from tests.data.query.world import World

STEPS = ["a", "b", "c"]


def people(world: World, point: dict[str, Any], **more: Any) -> set[int]:
    return world.people({"kind": "funnel", "steps": STEPS, "date_from": "2020-01-01", **more}, point)


@pytest.fixture
def cast(world: World) -> World:
    """Alice (1) gets to the end on the first, bob (2) to the second step on the second, carol (3) to the first."""
    for person, text in ((1, "abc"), (2, "ab"), (3, "a"), (4, "cb")):
        for minute, event in enumerate(text):
            plan = {"properties": {"plan": ["", "free", "pro", "team"][min(person, 3)]}}
            world.add(event, f"2020-01-0{min(person, 2)} 10:0{minute}:00", person, session=person % 2 + 1, **plan)
    return world


def test_converted_and_dropped(cast: World) -> None:
    assert people(cast, {}) == {1}
    assert people(cast, {"step": 0}) == {1, 2, 3}
    assert people(cast, {"step": 1, "outcome": "dropped"}) == {3}
    assert people(cast, {"step": 2, "outcome": "dropped"}) == {2}


def test_of_a_breakdown(cast: World) -> None:
    by = {"breakdown": ["plan"], "breakdown_limit": 1}
    for attribution in ("first_touch", "all_events", "step"):
        assert people(cast, {"step": 0, "breakdown": ["free"]}, **by, attribution=attribution) == {1}
        assert people(cast, {"step": 0, "is_other": True}, **by, attribution=attribution) == {2, 3}
        assert people(cast, {"step": 0, "breakdown": ["pro"]}, breakdown=["plan"], attribution=attribution) == {2}


def test_of_a_trend(cast: World) -> None:
    options = {"view": "trend", "to_step": 1}
    first, second = "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z"
    assert people(cast, {"bucket": first}, **options) == {1}
    assert people(cast, {"bucket": second}, **options) == {2}
    assert people(cast, {"bucket": second, "outcome": "dropped"}, **options) == {3}
    assert people(cast, {"bucket": second, "step": 0}, **options) == {2, 3}


def test_of_a_trend_by_hours_that_come_twice(world: World) -> None:
    for person, hour in ((1, "00"), (2, "01")):
        world.add("a", f"2019-10-27 {hour}:30:00", person)
    span = {"date_from": "2019-10-27", "date_to": "2019-10-27", "timezone": "Europe/Berlin"}
    options = {"view": "trend", "interval": "hour", "to_step": 1, **span}
    found = [people(world, {"bucket": f"2019-10-27T02:00:00+0{n}:00", "step": 0}, **options) for n in (2, 1)]
    assert found == [{1}, {2}]


def test_of_sessions(cast: World) -> None:
    """Session 2 holds alice's and carol's events, session 1 bob's and dave's."""
    assert people(cast, {}, aggregate_by="session") == {1, 3}
    assert people(cast, {"outcome": "dropped"}, aggregate_by="session") == {2, 4}


def test_of_a_conversion(cast: World) -> None:
    body = {"kind": "conversion", "start_event": "a", "end_event": "b"}
    found = {outcome: cast.people(body, {"outcome": outcome}) for outcome in ("started", "converted", "dropped")}
    assert found == {"started": {1, 2, 3}, "converted": {1, 2}, "dropped": {3}}


@pytest.mark.parametrize(("point", "path"), [
    ({"step": 3}, "point.step"),
    ({"outcome": "lost"}, "point.outcome"),
    ({"breakdown": ["a", "b"]}, "point.breakdown"),
    ({"bucket": "2021-01-01T00:00:00Z"}, "point.bucket"),
    ({}, "point.bucket"),
])  # fmt: skip
def test_faults_name_the_field(cast: World, point: dict[str, Any], path: str) -> None:
    is_trend = path == "point.bucket"
    more: dict[str, Any] = {"view": "trend"} if is_trend else {"breakdown": ["plan"]}
    with pytest.raises(Problem) as caught:
        people(cast, point, **more)
    assert [error.path for error in caught.value.errors] == [path]
