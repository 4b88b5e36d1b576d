"""Who is behind the numbers of trends."""

from __future__ import annotations

from typing import Any

import pytest

from northing.kernel.problems import Problem
from tests.data.query.world import World

DAY = "2020-01-02 10:00:00"


def who(world: World, series: Any, point: dict[str, Any], **more: Any) -> set[int]:
    series = [{"event": "a", "math": series}] if isinstance(series, str) else series
    return world.people({"kind": "trends", "series": series, **more}, {"series": 0, **point})


@pytest.fixture
def week(world: World) -> World:
    """Persons 1 and 2 on different days, 3 the week before, 4 also known as 1."""
    for at, person in ((DAY, 1), (DAY, 4), ("2020-01-03 10:00:00", 2), ("2019-12-27 10:00:00", 3)):
        world.add("a", at, person, properties={"plan": f"p{person}", "n": person})
    world.merge(4, 1)
    return world


def test_of_a_bucket_and_of_the_range(week: World) -> None:
    assert who(week, "unique", {"bucket": 5}) == {1}
    assert who(week, "unique", {"bucket": None}) == {1, 2}
    assert who(week, "total", {"bucket": 0}) == set()


def test_of_the_second_series(week: World) -> None:
    week.add("b", DAY, 9)
    assert who(week, [{"event": "a"}, {"event": "b"}], {"series": 1}) == {9}


def test_of_the_period_before(week: World) -> None:
    assert who(week, "unique", {"period": "previous", "bucket": 7}, compare=True) == {3}
    assert who(week, "unique", {"period": "previous"}, compare={"to": "-1w"}) == {3}
    with pytest.raises(Problem, match="nothing is compared"):
        who(week, "unique", {"period": "previous"})


def test_of_rolling_windows(week: World) -> None:
    assert who(week, "weekly_active", {"bucket": 0}) == {3}
    assert who(week, "weekly_active", {"bucket": 6}) == {1, 2, 3} - {3}
    assert who(week, "monthly_active", {}) == {1, 2, 3}


def test_of_first_times(week: World) -> None:
    week.add("a", DAY, 3)
    assert who(week, "first_time_for_user", {"bucket": 5}) == {1}
    assert who(week, "first_time_for_user", {}) == {1, 2}


def test_of_lines_and_of_other(week: World) -> None:
    assert who(week, "unique", {"breakdown": ["p4"]}, breakdown=["plan"]) == {1}
    # Each plan has one event, so that names decide: p1 stays.
    assert who(week, "total", {"is_other": True}, breakdown=["plan"], breakdown_limit=1) == {1, 2}
    assert who(week, "first_time_for_user", {"breakdown": ["p2"]}, breakdown=["plan"]) == {2}
    week.add("a", DAY, 8)
    assert who(week, "total", {"breakdown": ["(none)"]}, breakdown=["plan"]) == {8}


def test_of_bins_and_cohorts(week: World) -> None:
    bins = {"property": "n", "bins": 2}
    # The numbers are 1, 2 and 4 in the range.
    assert who(week, "total", {"breakdown": ["[1, 2)"]}, breakdown=bins) == {1}
    assert who(week, "total", {"breakdown": ["[2, 4]"]}, breakdown=bins) == {1, 2}
    assert who(week, "total", {"is_other": True}, breakdown=bins, breakdown_limit=1) == {1}
    week.add_cohort(7, [2])
    assert who(week, "total", {"breakdown": ["7"]}, breakdown={"type": "cohort", "cohorts": [7, "all"]}) == {2}


def test_of_bins_of_first_times(week: World) -> None:
    bins = {"property": "n", "bins": 2}
    assert who(week, "first_time_for_user", {"breakdown": ["[1, 2)"]}, breakdown=bins) == {1}
    assert who(week, "first_time_for_user", {"breakdown": ["[2, 4]"], "bucket": 6}, breakdown=bins) == {2}
    week.add("a", DAY, 9)
    assert who(week, "first_time_for_user", {"breakdown": ["(none)"]}, breakdown=bins) == {9}


def test_of_bins_with_numbers_from_beyond_the_range(week: World) -> None:
    bins, before = {"property": "n", "bins": 2}, {"period": "previous"}
    for person, number in ((7, -5), (8, 99), (9, None)):
        week.add("a", "2019-12-26 10:00:00", person, properties={"n": number})
    assert who(week, "unique", {"breakdown": ["[1, 2)"], **before}, breakdown=bins, compare=True) == {7}
    assert who(week, "unique", {"breakdown": ["[2, 4]"], **before}, breakdown=bins, compare=True) == {3, 8}
    assert who(week, "weekly_active", {"breakdown": ["[2, 4]"], "bucket": 0}, breakdown=bins) == {3, 8}
    none = {"breakdown": ["(none)"], **before}
    later = {"date_from": "2020-01-04", "compare": {"to": "-9d"}}
    assert who(week, "unique", none, breakdown=bins, **later) == {7, 8, 9}


@pytest.mark.parametrize("label", ["[e, .)", "[1..2, 3]", "[-, -]", "[1, 2", "two"])
def test_what_only_looks_like_a_bin_is_nobodys(week: World, label: str) -> None:
    assert who(week, "total", {"breakdown": [label]}, breakdown={"property": "n", "bins": 2}) == set()


def test_only_who_was_counted(week: World) -> None:
    week.add("a", DAY, 9, groups={"company": "acme"}, session=5, properties={"price": 3})
    assert who(week, "sessions", {}) == {9}
    assert who(week, [{"event": "a", "math": "unique_group", "group_type": "company"}], {}) == {9}
    assert who(week, [{"event": "a", "math": "sum", "math_property": "price"}], {}) == {9}
    assert who(week, [{"event": "a", "math": "p90_count_per_actor"}], {"bucket": 6}) == {2}


@pytest.mark.parametrize(
    "point", [{"series": 1}, {"bucket": 8}, {"bucket": -1}, {"breakdown": ["a", "b"]}, {"period": "next"}]
)
def test_points_that_are_no_number(world: World, point: dict[str, Any]) -> None:
    with pytest.raises(Problem, match="point"):
        who(world, "total", point, breakdown=["plan"])


def test_of_the_first_and_the_second_of_a_doubled_hour(world: World) -> None:
    for person, at in enumerate(("00:10", "00:25", "01:30"), 1):
        world.add("a", f"2019-10-27 {at}:00", person)
    body = {"date_from": "2019-10-27T00:20:00Z", "date_to": "2019-10-27T03:00:00Z", "interval": "hour"}
    found = [who(world, "unique", {"bucket": i}, timezone="Europe/Berlin", **body) for i in range(3)]
    assert found == [{2}, {3}, set()]
