"""Trends on small worlds, to the last number."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from northing.data.query.trends import _together
from northing.data.store import QueryResult, StoreError
from northing.kernel.problems import Problem
from tests.data.query.world import World


def data(result: Any, i: int = 0) -> list[float]:
    return list(result["series"][i]["data"])


def breakdowns(result: Any) -> dict[str, float]:
    return {"::".join(series["breakdown"]): series["total"] for series in result["series"]}


def test_the_example_of_the_definition(world: World) -> None:
    for at in ("2019-12-24 10:00:00", *["2020-01-01 10:00:00"] * 3, "2020-01-02 10:00:00"):
        world.add("sign up", at)
    result = world.trends("sign up")
    assert len(result["labels"]) == 8
    assert data(result) == [0, 0, 0, 0, 3, 1, 0, 0]
    assert result["labels"][0] == "2019-12-28T00:00:00Z"
    assert result["incomplete_from"] == 7


def test_an_empty_project_gives_zeros(world: World) -> None:
    maths = ["total", "unique", "sessions", "sum", "avg", "min", "max", "median", "p75", "p90", "p95", "p99"]
    result = world.trends([{"event": "a", "math": math, "math_property": "n"} for math in maths])
    assert [series["data"] for series in result["series"]] == [[0] * 8] * len(maths)
    assert [series["total"] for series in result["series"]] == [0] * len(maths)


def test_unique_totals_count_a_person_once(world: World) -> None:
    for day, person in (("2020-01-01", 1), ("2020-01-02", 1), ("2020-01-02", 2)):
        world.add("a", f"{day} 10:00:00", person)
    result = world.trends([{"event": "a", "math": "unique"}])
    assert data(result) == [0, 0, 0, 0, 1, 2, 0, 0]
    assert result["series"][0]["total"] == 2


def test_sessions_leave_out_events_without_one(world: World) -> None:
    for session in (0, 7, 7, 8):
        world.add("a", "2020-01-02 10:00:00", session=session)
    assert world.trends([{"event": "a", "math": "sessions"}])["series"][0]["total"] == 2


@pytest.mark.parametrize(
    ("math", "value"),
    [("sum", 14.5), ("avg", 3.625), ("min", 1), ("max", 7), ("median", 3.25), ("p75", 4.5), ("p90", 6.0), ("p99", 6.9)],
)
def test_maths_over_numbers_and_numeric_texts(world: World, math: str, value: float) -> None:
    for n in (1, 2.5, "4", 7, "many", None, True, "nan", "inf"):
        world.add("a", "2020-01-02 10:00:00", properties={"n": n})
    result = world.trends([{"event": "a", "math": math, "math_property": "n"}])
    if math in ("median", "p75", "p90", "p99"):
        # 1, 2.5, 4, 7: linear interpolation at (n - 1) p, as numpy's default.
        import numpy as np

        level = {"median": 50, "p75": 75, "p90": 90, "p99": 99}[math]
        value = float(np.percentile([1, 2.5, 4, 7], level))
    assert data(result)[5] == pytest.approx(value)
    assert result["series"][0]["total"] == pytest.approx(value)


def test_series_share_one_pass_and_keep_their_filters(world: World) -> None:
    world.add("a", "2020-01-02 10:00:00", 1, properties={"plan": "pro"})
    world.add("a", "2020-01-02 11:00:00", 2, properties={"plan": "free"})
    world.add("b", "2020-01-03 11:00:00", 2)
    pro = [{"property": "plan", "value": "pro"}]
    result = world.trends([{"event": "a", "filters": pro}, {"event": "a"}, {"event": "b"}, {"event": None}])
    assert [series["total"] for series in result["series"]] == [1, 2, 1, 3]
    assert [series["letter"] for series in result["series"]] == ["A", "B", "C", "D"]


def test_formula_and_division_by_nothing(world: World) -> None:
    world.add("a", "2020-01-01 10:00:00")
    for _ in range(4):
        world.add("b", "2020-01-01 10:00:00")
    world.add("a", "2020-01-02 10:00:00")
    result = world.trends([{"event": "a"}, {"event": "b"}], formula="A/B*100")
    assert data(result) == [0, 0, 0, 0, 25, 0, 0, 0]
    assert result["series"][0]["total"] == 50
    assert len(result["series"]) == 1


def test_two_breakdowns_and_other(world: World) -> None:
    for browser, version, times in (("Safari", "2", 3), ("Chrome", "1", 2), ("Safari", "1", 1)):
        for person in range(times):
            world.add("a", "2020-01-02 10:00:00", person, browser=browser, browser_version=version)
    by = [{"property": "$browser"}, {"property": "browser_version"}]
    assert breakdowns(world.trends("a", breakdown=by)) == {"Safari::2": 3, "Chrome::1": 2, "Safari::1": 1}
    limited = world.trends([{"event": "a", "math": "unique"}], breakdown=by, breakdown_limit=1)
    assert breakdowns(limited) == {"Safari::2": 3, "Other": 2}
    assert [series["is_other"] for series in limited["series"]] == [False, True]


def test_breakdown_ties_are_in_order_of_text(world: World) -> None:
    for plan in ("b", "c", "a"):
        world.add("a", "2020-01-02 10:00:00", properties={"plan": plan})
    result = world.trends("a", breakdown=[{"property": "plan"}], breakdown_limit=2)
    assert list(breakdowns(result)) == ["a", "b", "Other"]


def test_breakdown_without_a_value_is_none(world: World) -> None:
    world.add("a", "2020-01-02 10:00:00", properties={"plan": 5})
    world.add("a", "2020-01-02 10:00:00", properties={"plan": True})
    world.add("a", "2020-01-02 10:00:00")
    assert breakdowns(world.trends("a", breakdown=["plan"])) == {"(none)": 1, "5": 1, "true": 1}


def test_breakdown_by_person(world: World) -> None:
    world.add_person(1, tier="gold")
    world.add_person(1, tier="silver")
    for person in (1, 1, 2):
        world.add("a", "2020-01-02 10:00:00", person)
    result = world.trends("a", breakdown=[{"type": "person", "property": "tier"}])
    assert breakdowns(result) == {"silver": 2, "(none)": 1}


def test_compare_is_the_same_length_before(world: World) -> None:
    world.add("a", "2020-01-02 10:00:00")
    world.add("a", "2019-12-25 10:00:00")
    result = world.trends("a", compare=True)
    series = result["series"][0]
    assert (series["total"], series["previous_total"]) == (1, 1)
    assert result["previous_labels"][0] == "2019-12-20T00:00:00Z"
    assert len(result["previous_labels"]) == len(series["previous"]) == 8


def test_compare_splits_a_bucket_both_periods_share(world: World) -> None:
    for at in ("2020-01-03 13:10:00", "2020-01-03 13:40:00"):
        world.add("a", at)
    now = datetime(2020, 1, 4, 13, 30, tzinfo=UTC)
    series = world.trends("a", interval="hour", date_from="-24h", compare=True, now=now)["series"][0]
    assert (series["data"][0], series["previous"][-1]) == (1, 1)


def test_cumulative_is_the_running_sum(world: World) -> None:
    for day in ("2020-01-01", "2020-01-02", "2020-01-02"):
        world.add("a", f"{day} 10:00:00")
    assert data(world.trends("a", cumulative=True)) == [0, 0, 0, 0, 1, 3, 3, 3]


def test_column_properties_by_both_names_and_own_property_first(world: World) -> None:
    world.add("a", "2020-01-02 10:00:00", country="DE", properties={"country": "NL"})
    world.add("a", "2020-01-02 10:00:00", country="DE")
    assert breakdowns(world.trends("a", breakdown=["$geoip_country_code"])) == {"DE": 2}
    assert breakdowns(world.trends("a", breakdown=["country"])) == {"DE": 1, "NL": 1}


def test_awkward_property_names(world: World) -> None:
    names = ["a b", "q`q", "back\\slash", "$x", "{p0:String}", "a'b", "ünï", "a.b", "--", "/*", "%s"]
    for name in names:
        world.add("a", "2020-01-02 10:00:00", properties={name: name})
        result = world.trends([{"event": "a", "filters": [{"property": name, "value": name}]}], breakdown=[name])
        assert breakdowns(result) == {name: 1}


def test_nested_properties(world: World) -> None:
    world.add("a", "2020-01-02 10:00:00", properties={"cart": {"total": 12, "currency": "EUR"}})
    assert breakdowns(world.trends("a", breakdown=["cart.currency"])) == {"EUR": 1}
    assert world.trends([{"event": "a", "math": "sum", "math_property": "cart.total"}])["series"][0]["total"] == 12


def test_other_projects_are_not_seen(world: World) -> None:
    World(world.engine, world.store, world.project_id + 500_000).add("a", "2020-01-02 10:00:00")
    assert world.trends("a")["series"][0]["total"] == 0


def test_all_of_time(world: World) -> None:
    world.add("a", "2019-06-01 10:00:00")
    assert world.trends("a", date_from="all", interval="month")["series"][0]["total"] == 1


@pytest.mark.parametrize(
    ("at", "first", "last"),
    [
        ("1950-06-01 10:00:00", "1950-05-30", "1950-06-02"),
        ("1969-12-31 23:59:59", "1969-12-30", "1970-01-02"),
        ("2150-01-01 10:00:00", "2149-12-30", "2150-01-02"),
    ],
)
@pytest.mark.parametrize("interval", ["hour", "day"])
def test_ancient_and_far_times(world: World, at: str, first: str, last: str, interval: str) -> None:
    world.add("a", at)
    series = world.trends("a", date_from=first, date_to=last, interval=interval)["series"][0]
    assert (sum(series["data"]), series["total"]) == (1, 1)


def test_too_many_points(world: World) -> None:
    with pytest.raises(Problem, match="more than 2000 points"):
        world.trends("a", interval="minute")


@pytest.mark.parametrize(("zone", "hours"), [("Europe/Berlin", 23), ("America/New_York", 24), ("Asia/Kolkata", 24)])
def test_hours_of_the_spring_day(world: World, zone: str, hours: int) -> None:
    world.add("a", "2026-03-29 00:30:00")
    world.add("a", "2026-03-29 01:30:00")
    result = world.trends(
        "a",
        interval="hour",
        date_from="2026-03-29",
        date_to="2026-03-29",
        zone=zone,
        now=datetime(2026, 4, 1, tzinfo=UTC),
    )
    assert len(result["labels"]) == hours
    if zone == "Europe/Berlin":
        assert data(result)[:3] == [0, 1, 1]


def test_where_one_pass_fails_the_others_end() -> None:
    ended: list[str] = []

    async def wait() -> QueryResult:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append("waiting")
            raise
        raise AssertionError("nothing ended it")

    async def fail() -> QueryResult:
        raise StoreError(241, "too large a set")

    async def ask() -> list[str]:
        with pytest.raises(StoreError):
            await _together([wait(), fail()])
        await asyncio.sleep(0)
        return list(ended)

    assert asyncio.run(ask()) == ["waiting"]
