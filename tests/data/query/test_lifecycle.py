"""Lifecycle on small worlds, and against the reference on random ones."""

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
BODY = {"kind": "lifecycle", "date_from": "2026-01-08", "date_to": "2026-01-19"}


def series(result: Any) -> dict[str, list[int]]:
    return {one["name"]: one["data"] for one in result["series"]}


def ask(world: World, **more: Any) -> dict[str, list[int]]:
    return series(world.ask({**BODY, **more}, now=NOW).result)


# The worked example of the docs.
def test_one_persons_life(world: World) -> None:
    world.add_profile(1, "2026-01-09 08:00:00")
    for day in (9, 10, 11, 14, 15, 19):
        world.add("$pageview", f"2026-01-{day:02} 10:00:00")
    assert ask(world) == {
        "new":          [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        "returning":    [0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0],
        "resurrecting": [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
        "dormant":      [0, 0, 0, 0, -1, 0, 0, 0, -1, 0, 0, 0],
    }  # fmt: skip


def test_new_is_by_the_profile_and_not_by_the_first_event(world: World) -> None:
    world.add_profile(1, "2025-06-01 08:00:00")
    world.add("$pageview", "2026-01-08 10:00:00")
    found = ask(world)
    assert (found["new"][0], found["resurrecting"][0]) == (0, 1)


def test_without_a_profile_the_first_event_of_all_makes_new(world: World) -> None:
    world.add_profile(9, "2025-06-01 08:00:00")
    world.add("other", "2026-01-08 10:00:00", 1)
    world.add("$pageview", "2026-01-09 10:00:00", 1)
    world.add("$pageview", "2026-01-09 10:00:00", 2)
    found = ask(world, event="$pageview")
    assert (found["new"][1], found["resurrecting"][1]) == (1, 1)


def test_the_day_before_the_range_tells_who_returns(world: World) -> None:
    world.add_profile(1, "2026-01-01 00:00:00")
    world.add("$pageview", "2026-01-07 10:00:00")
    world.add("$pageview", "2026-01-08 10:00:00")
    assert ask(world)["returning"][0] == 1


def test_merged_people_are_as_old_as_their_oldest_part(world: World) -> None:
    world.add_profile(1, "2026-01-10 08:00:00")
    world.add_profile(2, "2026-01-08 08:00:00")
    world.add("$pageview", "2026-01-08 10:00:00", 2)
    world.add("$pageview", "2026-01-10 10:00:00", 1)
    world.merge(2, into=1)
    assert ask(world)["new"][:3] == [1, 0, 0]


def test_weeks_are_read_wholly(world: World) -> None:
    world.add_profile(1, "2026-01-01 00:00:00")
    for at in ("2025-12-30", "2026-01-05"):
        world.add("$pageview", f"{at} 10:00:00")
    answer = world.ask({**BODY, "interval": "week"}, now=NOW, week="monday")
    assert answer.result["labels"] == ["2026-01-05T00:00:00Z", "2026-01-12T00:00:00Z", "2026-01-19T00:00:00Z"]
    assert series(answer.result)["returning"] == [1, 0, 0]
    assert series(answer.result)["dormant"] == [0, -1, 0]
    assert answer.result["incomplete_from"] == 2


def test_an_empty_project(world: World) -> None:
    assert set(map(tuple, ask(world).values())) == {(0,) * 12}


@pytest.mark.parametrize("interval", ["hour", "day", "week", "month"])
def test_equals_the_reference(engine: Store, event_store: LocalStore, interval: str) -> None:
    @settings(max_examples=12, deadline=None)
    @given(lives(interval), st.sampled_from([None, "a"]))
    def check(life: Life, event: str | None) -> None:
        world = life.build(World(engine, event_store, next_project_id()))
        body = life.body("lifecycle", event=event)
        answer = world.ask(body, **life.clock())
        found = series(answer.result)
        expected = [statuses(life, i, event) for i in range(len(life.edges()) - 1)]
        for name, data in found.items():
            assert [abs(n) for n in data] == [len(one[name]) for one in expected]
        assert_positives_are_the_active(world, life, answer, event)
        middle = len(expected) // 2
        for name, people in expected[middle].items():
            assert world.people(body, {"bucket": middle, "status": name}, **life.clock()) == people

    check()


def statuses(life: Life, index: int, event: str | None) -> dict[str, set[int]]:
    """Who is what in a period, one person at a time."""
    now, before = life.active(index, event), life.active(index - 1, event)
    made = {person for person in now if life.index(_made(life, person)) == index}
    return {
        "new": made,
        "returning": (now & before) - made,
        "resurrecting": now - before - made,
        "dormant": before - now,
    }


def _made(life: Life, person: int) -> datetime:
    profiles = [at for one, at in life.created.items() if life.merges.get(one, one) == person]
    return min(profiles or [e.at for e in life.events if life.person(e) == person])


def assert_positives_are_the_active(world: World, life: Life, answer: Any, event: str | None) -> None:
    """New, returning and resurrecting add up to what trends counts."""
    found = series(answer.result)
    dates = {"date_from": answer.date_from.isoformat(), "date_to": answer.date_to.isoformat()}
    counted = [{"event": event, "math": "unique"}]
    unique = world.trends(counted, interval=life.interval, **dates, **life.clock())["series"][0]["data"]
    assert unique == [sum(parts) for parts in zip(*list(found.values())[:3], strict=True)]
