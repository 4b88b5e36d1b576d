"""Stickiness on small worlds, and against counting by hand on random ones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from northing.data.store import LocalStore, Store
from northing.kernel.problems import Problem
from tests.data.query.activity_reference import Life, lives
from tests.data.query.world import World
from tests.support.engine import next_project_id

NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)
BODY = {"kind": "stickiness", "date_from": "2026-01-05", "date_to": "2026-01-08"}


@pytest.fixture
def cast(world: World) -> World:
    """Alice is there on all four days, bob on two (twice on the 7th), charlie on one."""
    for person, days in ((1, (5, 6, 7, 8)), (2, (5, 7, 7)), (3, (6,))):
        for hour, day in enumerate(days):
            world.add("$pageview", f"2026-01-0{day} {10 + hour}:00:00", person)
    return world


def data(world: World, **more: Any) -> list[int]:
    return list(world.ask({**BODY, **more}, now=NOW).result["series"][0]["data"])


# The worked example of the docs.
def test_one_value_per_possible_count(cast: World) -> None:
    result = cast.ask({**BODY, "event": "$pageview"}, now=NOW).result
    assert result == {"labels": [1, 2, 3, 4], "series": [{"name": "$pageview", "data": [1, 1, 0, 1]}]}


def test_cumulative(cast: World) -> None:
    assert data(cast, cumulative=True) == [3, 2, 1, 1]
    assert cast.people({**BODY, "cumulative": True}, {"intervals": 2}, now=NOW) == {1, 2}


def test_intervals_taken_together(cast: World) -> None:
    assert data(cast, interval_count=2) == [1, 2]
    assert data(cast, interval_count=3) == [2, 1]


def test_criteria(cast: World) -> None:
    assert data(cast, criteria={"operator": "gte", "value": 2}) == [1, 0, 0, 0]
    assert data(cast, criteria={"operator": "lte", "value": 1}) == [2, 0, 0, 1]
    assert data(cast, criteria={"operator": "exact", "value": 2}) == [1, 0, 0, 0]


def test_several_series(cast: World) -> None:
    cast.add("pay", "2026-01-05 10:00:00", 3)
    result = cast.ask({**BODY, "series": [{"event": "pay", "name": "Paying"}, {"event": None}]}, now=NOW).result
    assert [(s["name"], s["data"]) for s in result["series"]] == [
        ("Paying", [1, 0, 0, 0]),
        ("Any event", [0, 2, 0, 1]),
    ]
    body = {**BODY, "series": [{"event": "pay"}]}
    assert cast.people(body, {"series": 0, "intervals": 1}, now=NOW) == {3}


def test_an_empty_project(world: World) -> None:
    assert data(world) == [0, 0, 0, 0]


def test_faults(world: World) -> None:
    with pytest.raises(Problem, match=r"criteria.operator"):
        data(world, criteria={"operator": "about", "value": 1})
    with pytest.raises(Problem, match="series"):
        data(world, series=[])


@pytest.mark.parametrize("interval", ["hour", "day", "week", "month"])
def test_equals_the_reference(engine: Store, event_store: LocalStore, interval: str) -> None:
    @settings(max_examples=15, deadline=None)
    @given(lives(interval), st.integers(1, 3), st.integers(1, 2), st.booleans())
    def check(life: Life, together: int, least: int, cumulative: bool) -> None:
        world = life.build(World(engine, event_store, next_project_id()))
        criteria = {"operator": "gte", "value": least}
        body = life.body("stickiness", interval_count=together, criteria=criteria, cumulative=cumulative)
        found = world.ask(body, **life.clock()).result["series"][0]["data"]
        people = by_count(life, together, least)
        assert len(found) == -(-(len(life.edges()) - 1) // together)
        for count, number in enumerate(found, start=1):
            who = {p for p, n in people.items() if n == count or (cumulative and n > count)}
            assert number == len(who)
            if count < 4:
                assert world.people(body, {"intervals": count}, **life.clock()) == who

    check()


def by_count(life: Life, together: int, least: int) -> dict[int, int]:
    """Person to the number of its periods; the range itself may begin and end within its first and last one."""
    counts: dict[tuple[int, int], int] = {}
    begin, end = life.span()
    for event in life.events:
        if begin <= event.at < end:
            key = (life.person(event), life.index(event.at) // together)
            counts[key] = counts.get(key, 0) + 1
    enough = [person for (person, _), number in counts.items() if number >= least]
    return {person: enough.count(person) for person in enough}
