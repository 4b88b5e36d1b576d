"""Active users: rolling windows against plain sets."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from northing.data.store import LocalStore, Store
from tests.data.query.world import World
from tests.support.engine import next_project_id


def test_windows_of_the_last_day(world: World) -> None:
    for day, person in (("2020-01-04", 1), ("2020-01-04", 1), ("2019-12-29", 2), ("2019-12-28", 3), ("2019-12-01", 4)):
        world.add("a", f"{day} 10:00:00", person)
    result = world.ask({"kind": "active_users", "period": "week"}).result
    assert (result["dau"], result["wau"], result["mau"], result["value"]) == (1, 2, 3, 2)
    assert result["engagement_score"] == 33.33
    assert [series["name"] for series in result["series"]] == ["dau", "wau", "mau"]
    assert len(result["labels"]) == len(result["series"][0]["data"]) == 8


def test_a_quiet_project(world: World) -> None:
    result = world.ask({"kind": "active_users"}).result
    assert (result["value"], result["engagement_score"]) == (0, 0)
    assert result["series"][2]["data"] == [0] * 8


def test_filters_count(world: World) -> None:
    world.add("a", "2020-01-04 10:00:00", 1, properties={"plan": "pro"})
    world.add("a", "2020-01-04 10:00:00", 2)
    body = {"kind": "active_users", "filters": [{"property": "plan", "value": "pro"}]}
    assert world.ask(body).result["dau"] == 1


# The worked example of the docs.
def test_growth_since_the_period_before(world: World) -> None:
    days = {"2020-01-04": 1, "2020-01-03": 1, "2019-12-28": 3, "2019-12-05": 4, "2019-11-06": 5}
    for day, person in (("2020-01-04", 2), *days.items()):
        world.add("a", f"{day} 10:00:00", person)
    result = world.ask({"kind": "active_users", "date_from": "-1d"}).result
    assert (result["dau"], result["wau"], result["mau"]) == (2, 2, 3)
    assert result["previous"] == {"dau": 1, "wau": 1, "mau": 2}
    assert result["growth"] == {"dau": 100, "wau": 100, "mau": 50}
    assert world.ask({"kind": "active_users", "date_to": "2020-01-02"}).result["growth"]["dau"] is None


def test_the_last_day_before_clocks_skip_midnight(world: World) -> None:
    world.add("a", "2026-04-23 12:00:00", 1)
    world.add("a", "2026-04-24 12:00:00", 2)
    body = {"kind": "active_users", "date_from": "2026-04-22", "date_to": "2026-04-23"}
    result = world.ask(body, now=datetime(2026, 5, 1, tzinfo=UTC), zone="Africa/Cairo").result
    assert ([series["data"] for series in result["series"]], result["value"]) == ([[0, 1]] * 3, 1)


def test_who(world: World) -> None:
    for day, person in (("2020-01-04", 1), ("2019-12-29", 2), ("2019-12-28", 3)):
        world.add("a", f"{day} 10:00:00", person)
    body = {"kind": "active_users", "period": "week"}
    assert world.people(body, {}) == {1, 2}
    assert world.people(body, {"window": "day"}) == {1}
    assert world.people(body, {"bucket": 6, "window": "month"}) == {2, 3}


_activity = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 6)), max_size=30)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_activity)
def test_equals_sets(engine: Store, event_store: LocalStore, activity: list[tuple[int, int]]) -> None:
    first = date(2026, 3, 1)
    world = World(engine, event_store, next_project_id())
    world.add_all(
        {"event": "a", "timestamp": f"{first + timedelta(days=day)} 12:00:00", "person": p} for day, p in activity
    )
    body: dict[str, Any] = {"kind": "active_users", "date_from": "2026-03-25", "date_to": "2026-04-05"}
    result = world.ask(body, now=datetime(2026, 5, 1, tzinfo=UTC), zone="Europe/Berlin").result
    for series, length in zip(result["series"], (1, 7, 30), strict=True):
        for i, count in enumerate(series["data"]):
            last = 24 + i
            assert count == len({p for day, p in activity if last - length < day <= last})
