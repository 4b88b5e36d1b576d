"""Retention on small worlds, to the last number."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from northing.kernel.problems import Problem
from tests.data.query.world import World

NOW = datetime(2026, 1, 12, 12, tzinfo=UTC)
DAYS = {"kind": "retention", "date_from": "2026-01-05", "date_to": "2026-01-08", "intervals": 4}


@pytest.fixture
def cast(world: World) -> World:
    """Alice comes every day, bob on the 5th and twice on the 7th, charlie from the 6th, before his sign-up."""
    for person, days in ((1, (5, 6, 7, 8)), (2, (5, 7, 7)), (3, (6, 8))):
        for hour, day in enumerate(days):
            world.add("$pageview", f"2026-01-0{day} {10 + hour}:00:00", person, properties={"plan": f"p{person}"})
    world.add("pay", "2026-01-07 09:00:00", 2, properties={"amount": 5})
    world.add("pay", "2026-01-08 09:00:00", 1, properties={"amount": "7"})
    world.add("pay", "2026-01-08 10:00:00", 1, properties={"amount": "much"})
    return world


def values(result: Any) -> list[list[int]]:
    return [cohort["values"] for cohort in result["cohorts"]]


def ask(world: World, **more: Any) -> Any:
    return world.ask({**DAYS, **more}, now=NOW).result


# The worked example of the docs.
def test_recurring(cast: World) -> None:
    result = ask(cast)
    assert result["labels"] == ["Day 0", "Day 1", "Day 2", "Day 3"]
    assert values(result) == [[2, 1, 2, 1], [2, 1, 2], [2, 1], [2]]
    assert result["cohorts"][0] == {
        "date": "2026-01-05T00:00:00Z",
        "label": "2026-01-05",
        "size": 2,
        "values": [2, 1, 2, 1],
        "rates": [100, 50, 100, 50],
    }
    assert result["mean"] == [100, 50, 100, 50]


def test_first_time(cast: World) -> None:
    result = ask(cast, mode="first_time")
    assert values(result) == [[2, 1, 2, 1], [1, 0, 1], [0, 0], [0]]
    assert result["mean"] == [100, 33.33, 100, 50]
    assert ask(cast, mode="first_time", mean="simple")["mean"] == [100, 25, 100, 50]


def test_history_before_the_range_counts_for_first_time(cast: World) -> None:
    cast.add("$pageview", "2025-03-01 10:00:00", 2)
    assert values(ask(cast, mode="first_time"))[0] == [1, 1, 1, 1]


def test_first_ever_asks_the_first_event_for_the_filter(cast: World) -> None:
    cast.add("$pageview", "2026-01-05 09:00:00", 2, properties={"plan": "free"})
    target = {"event": "$pageview", "filters": [{"property": "plan", "value": ["p1", "p2"]}]}
    assert [v[0] for v in values(ask(cast, target=target, mode="first_time"))] == [2, 0, 0, 0]
    assert [v[0] for v in values(ask(cast, target=target, mode="first_ever"))] == [1, 0, 0, 0]


def test_cumulative_is_on_or_after(cast: World) -> None:
    assert values(ask(cast, cumulative=True)) == [[2, 2, 2, 1], [2, 2, 2], [2, 1], [2]]


def test_brackets(cast: World) -> None:
    result = ask(cast, brackets=[1, 2])
    assert result["labels"] == ["Day 0", "Day 1", "Day 2-3"]
    assert values(result) == [[2, 1, 2], [2, 1, 2], [2, 1], [2]]
    assert [c.get("incomplete_from") for c in result["cohorts"]] == [None, 2, None, None]
    assert result["mean"] == [100, 50, 100]


def test_another_returning_event_and_amounts(cast: World) -> None:
    body = {"returning": {"event": "pay"}, "value": {"math": "sum", "property": "amount"}}
    result = ask(cast, **body)
    assert values(result) == [[2, 0, 1, 1], [2, 0, 1], [2, 1], [2]]
    assert [c["amounts"] for c in result["cohorts"]] == [[0, 0, 5, 7], [0, 0, 7], [5, 7], [7]]
    average = ask(cast, **{**body, "value": {"math": "avg", "property": "amount"}}, cumulative=True)
    assert average["cohorts"][0]["amounts"] == [6, 6, 6, 7]


def test_minimum_occurrences(cast: World) -> None:
    assert values(ask(cast, minimum_occurrences=2)) == [[2, 0, 1, 0], [2, 0, 0], [2, 0], [2]]


def test_rolling_windows_run_from_each_start(world: World) -> None:
    for person, times in ((1, ("05 20:00", "06 19:00", "07 19:00")), (2, ("05 08:00", "06 09:00", "06 08:00"))):
        for at in times:
            world.add("$pageview", f"2026-01-{at}:00", person)
    assert values(ask(world))[0] == [2, 2, 1, 0]
    assert values(ask(world, rolling=True))[0] == [2, 2, 0, 0]
    assert values(ask(world, rolling=True, minimum_occurrences=2))[0] == [2, 1, 0, 0]


def test_breakdown_with_other(cast: World) -> None:
    result = ask(cast, breakdown=[{"property": "plan"}], breakdown_limit=2)
    assert [b["breakdown"] for b in result["breakdowns"]] == [["p1"], ["p2"], ["Other"]]
    assert [values(b)[0] for b in result["breakdowns"]] == [[1, 1, 1, 1], [1, 0, 1, 0], [0, 0, 0, 0]]
    assert values(result) == values(ask(cast))


def test_groups(world: World) -> None:
    for day, person, company in ((5, 1, "acme"), (6, 2, "acme"), (6, 3, "zeta"), (5, 4, "")):
        world.add("$pageview", f"2026-01-0{day} 10:00:00", person, groups={"company": company} if company else {})
    assert values(ask(world, aggregate_by="company"))[:2] == [[1, 1, 0, 0], [2, 0, 0]]
    with pytest.raises(Problem, match="aggregate_by"):
        world.people({**DAYS, "aggregate_by": "company"}, {}, now=NOW)


def test_without_dates_the_last_periods_up_to_the_running_one(world: World) -> None:
    world.add("$pageview", "2025-12-30 10:00:00")
    answer = world.ask({"kind": "retention", "period": "week", "intervals": 3}, now=NOW, week="monday")
    assert [c["date"][:10] for c in answer.result["cohorts"]] == ["2025-12-29", "2026-01-05", "2026-01-12"]
    assert [c.get("incomplete_from") for c in answer.result["cohorts"]] == [2, 1, 0]
    assert answer.result["mean"] == [100, 0, None]
    sunday = world.ask({"kind": "retention", "period": "week", "intervals": 3}, now=NOW)
    assert [c["date"][:10] for c in sunday.result["cohorts"]] == ["2025-12-28", "2026-01-04", "2026-01-11"]


def test_date_to_alone_moves_the_whole_range(world: World) -> None:
    body = {"kind": "retention", "date_to": "2025-03-10", "intervals": 2}
    assert [c["label"] for c in world.ask(body, now=NOW).result["cohorts"]] == ["2025-03-09", "2025-03-10"]


def test_hours_end_with_the_running_one(world: World) -> None:
    result = world.ask({"kind": "retention", "period": "hour", "intervals": 2}, now=NOW).result
    assert [c["label"] for c in result["cohorts"]] == ["2026-01-12 11:00", "2026-01-12 12:00"]


def test_the_future_has_no_columns(world: World) -> None:
    body = {"kind": "retention", "date_from": "2026-01-11", "date_to": "2026-01-20", "intervals": 3}
    assert values(world.ask(body, now=NOW).result) == [[0, 0], [0]]


def test_merged_people_count_once(cast: World) -> None:
    cast.merge(3, into=2)
    assert values(ask(cast)) == [[2, 2, 2, 2], [2, 2, 2], [2, 2], [2]]
    assert cast.people(DAYS, {"cohort": 1, "interval": 1}, now=NOW) == {1, 2}


def test_who(cast: World) -> None:
    assert cast.people(DAYS, {"cohort": 0}, now=NOW) == {1, 2}
    assert cast.people(DAYS, {"cohort": 0, "interval": 1}, now=NOW) == {1}
    body = {**DAYS, "breakdown": "plan", "breakdown_limit": 2}
    assert cast.people(body, {"cohort": 1, "interval": 2, "value": "Other"}, now=NOW) == {3}


def test_null_is_any_event(cast: World) -> None:
    result = ask(cast, target={"event": None}, returning={"event": None})
    assert values(result)[2] == [2, 1]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"intervals": 61}, "intervals"),
        ({"mode": "sometimes"}, "mode"),
        ({"target": []}, "target"),
        ({"value": {"math": "max"}}, "value.math"),
        ({"brackets": [0]}, "brackets.0"),
        ({"date_from": "2025-01-01"}, "date_from"),
        ({"period": "minute"}, "period"),
    ],
)
def test_faults_name_the_field(world: World, body: dict[str, Any], named: str) -> None:
    with pytest.raises(Problem) as caught:
        ask(world, **body)
    assert named in [error.path for error in caught.value.errors]


def test_an_empty_project(world: World) -> None:
    result = ask(world)
    assert values(result) == [[0, 0, 0, 0], [0, 0, 0], [0, 0], [0]]
    assert result["mean"] == [None] * 4


@pytest.mark.parametrize("mode", ["recurring", "first_time", "first_ever"])
@pytest.mark.parametrize("rolling", [False, True])
def test_breakdown_by_a_property_of_the_person(cast: World, mode: str, rolling: bool) -> None:
    cast.add_person(1, team="red")
    cast.add_person(2, team="blue")
    breakdown = [{"type": "person", "property": "team"}]
    result = ask(cast, breakdown=breakdown, mode=mode, rolling=rolling)
    sizes = {b["breakdown"][0]: b["cohorts"][0]["size"] for b in result["breakdowns"]}
    assert sizes == {"red": 1, "blue": 1, "(none)": 0}
    assert sum(b["cohorts"][1]["size"] for b in result["breakdowns"]) == result["cohorts"][1]["size"]


@pytest.mark.parametrize("mode", ["recurring", "first_time", "first_ever"])
def test_filters_by_expression_hold_for_both_events(cast: World, mode: str) -> None:
    filters = [{"type": "sql", "value": "properties.plan = 'p1'"}]
    assert values(ask(cast, filters=filters, mode=mode))[0] == [1, 1, 1, 1]
    assert cast.people({**DAYS, "filters": filters, "mode": mode}, {"interval": 3}, now=NOW) == {1}
