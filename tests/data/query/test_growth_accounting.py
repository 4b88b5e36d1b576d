"""Growth accounting: its identity, and random worlds against sets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from northing.data.store import LocalStore, Store
from tests.data.query.activity_reference import Life, lives
from tests.data.query.world import World
from tests.support.engine import next_project_id

NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)
BODY = {"kind": "growth_accounting", "date_from": "2026-01-05", "date_to": "2026-01-08"}


def series(result: Any) -> dict[str, list[int]]:
    return {one["name"]: one["data"] for one in result["series"]}


# The worked example of the docs.
def test_four_days(world: World) -> None:
    for person, days in ((1, (4, 5, 6, 8)), (2, (5, 7)), (3, (6, 7)), (4, (1, 6))):
        for day in days:
            world.add("$pageview", f"2026-01-0{day} 10:00:00", person)
    result = world.ask(BODY, now=NOW).result
    assert series(result) == {
        "active": [2, 3, 2, 1],
        "new": [1, 1, 0, 0],
        "retained": [1, 1, 1, 0],
        "resurrected": [0, 1, 1, 1],
        "churned": [0, 1, 2, 2],
    }
    assert result["quick_ratio"] == [None, 2.0, 0.5, 0.5]
    assert result["growth_rate"] == [100.0, 50.0, -33.33, -50.0]


def test_filters_decide_what_was_ever_active(world: World) -> None:
    world.add("$pageview", "2026-01-01 10:00:00")
    world.add("pay", "2026-01-05 10:00:00")
    assert series(world.ask({**BODY, "event": "pay"}, now=NOW).result)["new"][0] == 1
    assert series(world.ask(BODY, now=NOW).result)["resurrected"][0] == 1


def test_an_empty_project(world: World) -> None:
    result = world.ask(BODY, now=NOW).result
    assert set(map(tuple, series(result).values())) == {(0,) * 4}
    assert (result["quick_ratio"], result["growth_rate"]) == ([None] * 4, [None] * 4)


@pytest.mark.parametrize("interval", ["hour", "day", "week", "month"])
def test_equals_the_reference(engine: Store, event_store: LocalStore, interval: str) -> None:
    @settings(max_examples=12, deadline=None)
    @given(lives(interval), st.sampled_from([None, "a"]))
    def check(life: Life, event: str | None) -> None:
        world = life.build(World(engine, event_store, next_project_id()))
        body = life.body("growth_accounting", event=event)
        found = series(world.ask(body, **life.clock()).result)
        expected = [statuses(life, i, event) for i in range(len(life.edges()) - 1)]
        assert found == {name: [len(one[name]) for one in expected] for name in found}
        assert_identity(found, len(life.active(-1, event)))
        middle = len(expected) // 2
        for name, people in expected[middle].items():
            assert world.people(body, {"bucket": middle, "status": name}, **life.clock()) == people

    check()


def statuses(life: Life, index: int, event: str | None) -> dict[str, set[int]]:
    now, before = life.active(index, event), life.active(index - 1, event)
    past = {life.person(e) for e in life.events if event in (None, e.event) and life.index(e.at) < index}
    return {
        "active": now,
        "new": now - past,
        "retained": now & before,
        "resurrected": (now & past) - before,
        "churned": before - now,
    }


def assert_identity(found: dict[str, list[int]], before: int) -> None:
    """active = new + retained + resurrected; its change = new + resurrected - churned."""
    for i, active in enumerate(found["active"]):
        assert active == found["new"][i] + found["retained"][i] + found["resurrected"][i]
        assert active - before == found["new"][i] + found["resurrected"][i] - found["churned"][i]
        before = active
