"""The power-user curve: L7 and L28."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from northing.data.store import LocalStore, Store
from northing.kernel.problems import Problem
from tests.data.query.activity_reference import NOW as LATER
from tests.data.query.activity_reference import Life, lives
from tests.data.query.world import World
from tests.support.engine import next_project_id

NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)


# The worked example of the docs.
def test_the_last_seven_days_with_today(world: World) -> None:
    for person, days in ((1, range(14, 21)), (2, (13, 14, 20)), (3, (20, 20)), (4, (13,))):
        for day in days:
            world.add("$pageview", f"2026-01-{day} 10:00:00", person)
    result = world.ask({"kind": "power_users", "window": 7}, now=NOW).result
    assert result["labels"] == [1, 2, 3, 4, 5, 6, 7]
    assert result["series"] == [{"name": "L7", "data": [1, 1, 0, 0, 0, 0, 1]}]
    assert result["at_least"] == [100, 66.67, 33.33, 33.33, 33.33, 33.33, 33.33]
    assert (result["people"], result["mean_days"]) == (3, 3.33)
    assert world.people({"kind": "power_users", "window": 7}, {"days": 2}, now=NOW) == {2}
    assert world.people({"kind": "power_users", "window": 7}, {"days": 2, "at_least": True}, now=NOW) == {1, 2}


def test_the_window_ends_with_date_to(world: World) -> None:
    for day in (1, 28):
        world.add("$pageview", f"2025-02-{day:02} 10:00:00")
    result = world.ask({"kind": "power_users", "date_to": "2025-02-28"}, now=NOW).result
    assert (len(result["labels"]), result["series"][0]["data"][1]) == (28, 1)


def test_only_two_windows(world: World) -> None:
    with pytest.raises(Problem, match="must be 7 or 28"):
        world.ask({"kind": "power_users", "window": 14})


def test_an_empty_project(world: World) -> None:
    result = world.ask({"kind": "power_users"}).result
    assert (result["people"], result["mean_days"], result["at_least"][0]) == (0, 0, 0)


@settings(max_examples=30, deadline=None)
@given(lives("day"), st.sampled_from([7, 28]))
def test_equals_the_reference(engine: Store, event_store: LocalStore, life: Life, window: int) -> None:
    world = life.build(World(engine, event_store, next_project_id()))
    body = {"kind": "power_users", "window": window, "date_to": life.last.isoformat()}
    days: dict[int, set[str]] = {}
    for event in life.events:
        day = event.at.astimezone(ZoneInfo(life.zone)).date()
        if life.last - timedelta(days=window) < day <= life.last:
            days.setdefault(life.person(event), set()).add(day.isoformat())
    result = world.ask(body, now=LATER, zone=life.zone, week=life.week).result
    counts = [len(found) for found in days.values()]
    assert result["series"][0]["data"] == [counts.count(n) for n in range(1, window + 1)]
