"""The query kind `conversion`: its filters by event, its trend and who is behind it."""

from __future__ import annotations

from typing import Any

import pytest

from northing.kernel.problems import Problem
from tests.data.query.world import World

FIRST, SECOND, THIRD = (f"2020-01-0{day}T00:00:00Z" for day in (1, 2, 3))
BODY: dict[str, Any] = {
    "kind": "conversion", "start_event": "seen", "end_event": "bought",
    "date_from": "2020-01-01", "date_to": "2020-01-03",
}  # fmt: skip


@pytest.fixture
def shop(world: World) -> World:
    """Alice (1) buys the book at once, bob (2) a pen a day after he saw it, carol (3) looks twice."""
    for event, at, person, what in (
        ("seen", "01 10:00", 1, "book"), ("bought", "01 10:30", 1, "book"),
        ("seen", "01 12:00", 2, "pen"), ("bought", "02 12:30", 2, "pen"),
        ("seen", "02 09:00", 3, "pen"), ("seen", "03 09:00", 3, "book"),
    ):  # fmt: skip
        world.add(event, f"2020-01-{at}:00", person, properties={"what": what})
    return world


def test_the_trend_goes_by_when_somebody_started(shop: World) -> None:
    answer = shop.ask({**BODY, "view": "trend"})
    trend = answer.result.pop("trend")
    half = (1800 + 88_200) / 2
    assert answer.result == {"rate": 66.67, "started": 3, "converted": 2, "median_seconds": half, "mean_seconds": half}
    assert trend == {
        "labels": [FIRST, SECOND, THIRD],
        "rate": [100.0, 0.0, 0.0],
        "started": [2, 1, 1],
        "converted": [2, 0, 0],
        "incomplete_from": None,
    }
    assert "Of those who entered in each day" in answer.definition


def test_who_starts_on_several_days_converts_from_each(world: World) -> None:
    for event, day in (("seen", 1), ("seen", 2), ("bought", 2)):
        world.add(event, f"2020-01-0{day} 1{day}:00:00")
    found = world.ask({**BODY, "view": "trend"}).result
    assert (found["started"], found["trend"]["started"], found["trend"]["converted"]) == (1, [1, 1, 0], [1, 1, 0])


def test_without_being_asked_there_is_no_trend(shop: World) -> None:
    assert not {"trend", "times"} & set(shop.ask(BODY).result)


def test_the_times_of_those_who_converted(shop: World) -> None:
    answer = shop.ask({**BODY, "view": "time_to_convert"})
    times = answer.result["times"]
    assert (times["count"], times["median"], sum(count for _, count in times["bins"])) == (2, 45_000.0, 2)
    assert "in seconds" in answer.definition


def test_the_window_may_be_written_as_a_funnel_has_it(shop: World) -> None:
    found = [
        shop.ask({**BODY, **w}).result for w in ({"window": {"value": 1, "unit": "day"}}, {"window_minutes": 1440})
    ]
    assert found[0] == found[1]
    assert found[0]["converted"] == 1


def test_a_running_day_is_not_over(shop: World) -> None:
    body = {**BODY, "view": "trend", "date_to": "2020-01-04"}
    assert shop.ask(body).result["trend"]["incomplete_from"] == 3


def test_each_event_may_be_narrowed(shop: World) -> None:
    pens = [{"property": "what", "value": "pen"}]
    found = shop.ask({**BODY, "start_event": {"event": "seen", "filters": pens}}).result
    assert (found["started"], found["converted"]) == (2, 1)
    found = shop.ask({**BODY, "end_event": {"event": "bought", "filters": pens}}).result
    assert (found["started"], found["converted"]) == (3, 1)


def test_the_people_of_a_bucket(shop: World) -> None:
    started = {bucket: shop.people(BODY, {"outcome": "started", "bucket": bucket}) for bucket in (FIRST, SECOND, THIRD)}
    assert started == {FIRST: {1, 2}, SECOND: {3}, THIRD: {3}}
    assert shop.people(BODY, {"outcome": "converted", "bucket": FIRST}) == {1, 2}
    assert shop.people(BODY, {"outcome": "dropped", "bucket": SECOND}) == {3}


@pytest.mark.parametrize(("more", "path"), [
    ({"start_event": {"filters": []}}, "start_event.event"),
    ({"start_event": 5}, "start_event"),
    ({"end_event": {"event": "bought", "filters": [{"operator": "exact"}]}}, "end_event.filters.0.property"),
    ({"view": "chart"}, "view"),
    ({"window": {"value": 1, "unit": "day"}, "window_minutes": 5}, "window"),
])  # fmt: skip
def test_faults_name_the_field(shop: World, more: dict[str, Any], path: str) -> None:
    with pytest.raises(Problem) as caught:
        shop.ask({**BODY, **more})
    assert path in [error.path for error in caught.value.errors]


def test_an_unknown_bucket_is_a_fault(shop: World) -> None:
    with pytest.raises(Problem) as caught:
        shop.people(BODY, {"bucket": "2021-01-01T00:00:00Z"})
    assert [error.path for error in caught.value.errors] == ["point.bucket"]
