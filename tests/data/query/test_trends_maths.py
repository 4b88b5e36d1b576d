"""The further maths, splits and shapes of trends on small worlds, to the last number."""

from __future__ import annotations

from typing import Any

import pytest

from northing.kernel.problems import Problem
from tests.data.query.world import World

DAY = "2020-01-02 10:00:00"


def data(result: Any, i: int = 0) -> list[float]:
    return list(result["series"][i]["data"])


def totals(result: Any) -> dict[str, float]:
    return {"::".join(series["breakdown"]): series["total"] for series in result["series"]}


def one(world: World, math: str, **more: Any) -> Any:
    series = {name: more.pop(name) for name in ("filters", "group_type", "math_property") if name in more}
    return world.trends([{"event": "a", "math": math, **series}], **more)


@pytest.mark.parametrize(
    "math", ["weekly_active", "monthly_active", "first_time_for_user", "first_matching_event", "p90_count_per_actor"]
)
def test_an_empty_project_gives_zeros(world: World, math: str) -> None:
    result = one(world, math, compare=True, breakdown=["plan"])
    assert result["series"] == []
    assert (data(one(world, math)), one(world, math)["series"][0]["total"]) == ([0] * 8, 0)


def test_an_empty_project_has_no_durations_and_no_groups(world: World) -> None:
    assert data(one(world, "median", math_property="$session_duration")) == [0] * 8
    assert data(one(world, "unique_group", group_type="company")) == [0] * 8


def test_the_rolling_example_of_the_docs(world: World) -> None:
    for day, person in (("2019-12-22", 1), ("2019-12-28", 2), ("2020-01-02", 1)):
        world.add("a", f"{day} 10:00:00", person)
    result = one(world, "weekly_active")
    # 22 December reaches to the 28th, 28 December to 3 January.
    assert data(result) == [2, 1, 1, 1, 1, 2, 2, 1]
    assert result["series"][0]["total"] == 1
    assert one(world, "monthly_active")["series"][0]["total"] == 2


def test_rolling_weeks_end_with_their_last_day_or_the_last_of_the_range(world: World) -> None:
    for day, person in (("2019-12-22", 1), ("2019-12-25", 2), ("2019-12-29", 3), ("2020-01-01", 4)):
        world.add("a", f"{day} 10:00:00", person)
    # Weeks from Sunday: 22 to 28 December, then 29 December to 1 January, which looks back to the 26th.
    result = one(world, "weekly_active", interval="week", date_from="2019-12-22", date_to="2020-01-01")
    assert (data(result), result["series"][0]["total"]) == ([2, 2], 2)
    # In hours a window of days would be no window.
    with pytest.raises(Problem, match="day, week or month"):
        one(world, "weekly_active", interval="hour")


def test_rolling_days_end_before_a_midnight_that_clocks_skip(world: World) -> None:
    world.add("a", "2019-09-08 12:00:00", 1)
    result = one(world, "weekly_active", date_from="2019-09-07", date_to="2019-09-08", timezone="America/Santiago")
    assert data(result) == [0, 1]


def test_counts_per_person(world: World) -> None:
    for person, times in ((1, 1), (2, 2), (3, 6)):
        for _ in range(times):
            world.add("a", DAY, person)
    world.add("a", "2020-01-03 10:00:00", 1)
    result = one(world, "avg_count_per_actor")
    assert data(result)[5:7] == [3, 1]
    # Over the whole range person 1 has two.
    assert result["series"][0]["total"] == pytest.approx(10 / 3)
    assert one(world, "median_count_per_person")["series"][0]["total"] == 2
    assert one(world, "max_count_per_actor")["series"][0]["total"] == 6


def test_first_time_means_all_of_history(world: World) -> None:
    world.add("a", "2019-06-01 10:00:00", 1)
    for person in (1, 2, 2):
        world.add("a", DAY, person, properties={"plan": "pro"})
    world.add("a", "2020-01-01 10:00:00", 3, properties={"plan": "free"})
    world.add("a", DAY, 3, properties={"plan": "pro"})
    assert one(world, "first_time_for_user")["series"][0]["total"] == 2
    pro = [{"property": "plan", "value": "pro"}]
    # Person 3 was first there as free, person 1 long ago; the first as pro is another question.
    assert one(world, "first_time_for_user", filters=pro)["series"][0]["total"] == 1
    assert one(world, "first_matching_event_for_user", filters=pro)["series"][0]["total"] == 3


def test_different_groups(world: World) -> None:
    for company in ("acme", "acme", "initech", ""):
        world.add("a", DAY, groups={"company": company, "team": "x"})
    world.add("a", DAY)
    assert one(world, "unique_group", group_type="company")["series"][0]["total"] == 2
    with pytest.raises(Problem, match="group_type"):
        one(world, "unique_group")


def test_a_session_counts_on_each_day_it_has_the_event(world: World) -> None:
    """The numeric case: one value per session, on each day the session has the event."""
    for session, start, end in ((1, "2020-01-02 23:00:00", "2020-01-03 01:00:00"), (2, DAY, "2020-01-02 10:10:00")):
        world.add_session(session, start=start, end=end)
    for session, at in ((1, "2020-01-02 23:00:00"), (1, "2020-01-03 00:30:00"), (1, "2020-01-03 01:00:00"), (2, DAY)):
        world.add("a", at, session=session)
    world.add("a", DAY, session=0)
    result = one(world, "median", math_property="$session_duration")
    assert data(result)[5:7] == [(7200 + 600) / 2, 7200]
    assert result["series"][0]["total"] == 3900
    assert data(one(world, "sum", math_property="$session_duration"))[5:7] == [7800, 7200]


def test_breakdown_by_cohorts(world: World) -> None:
    world.add_cohort(7, [1, 2])
    world.add_cohort(8, [2, 3])
    world.merge(4, 2)
    for person in (1, 2, 3, 4, 5):
        world.add("a", DAY, person)
    split = {"type": "cohort", "cohorts": [7, 8, "all"]}
    assert totals(world.trends("a", breakdown=split)) == {"all": 5, "7": 3, "8": 3}
    assert totals(one(world, "unique", breakdown=split)) == {"all": 4, "7": 2, "8": 2}
    assert totals(one(world, "first_time_for_user", breakdown=split)) == {"all": 4, "7": 2, "8": 2}
    assert totals(one(world, "weekly_active", breakdown=split)) == {"all": 4, "7": 2, "8": 2}


def test_breakdown_by_bins(world: World) -> None:
    for price in (1, 2, 3, 4, 10, None):
        world.add("a", DAY, properties={"price": price})
    split = {"property": "price", "bins": 2}
    assert totals(world.trends("a", breakdown=split)) == {"[3, 10]": 3, "[1, 3)": 2, "(none)": 1}
    assert totals(world.trends("a", breakdown={"property": "nothing", "bins": 3})) == {"(none)": 6}


def test_one_bin_where_all_numbers_are_one(world: World) -> None:
    world.add("a", DAY, properties={"price": 5})
    assert totals(world.trends("a", breakdown={"property": "price", "bins": 4})) == {"[5, 5]": 1}


def test_breakdown_by_session_and_group(world: World) -> None:
    world.add_session(1, start=DAY, end=DAY, entry_path="/")
    world.add_group("company", "acme", plan="pro")
    for session, groups in ((1, {"company": "acme"}), (2, {})):
        world.add("a", DAY, session=session, groups=groups)
    by_page = [{"type": "session", "property": "$entry_pathname"}]
    assert totals(world.trends("a", breakdown=by_page)) == {"/": 1, "(none)": 1}
    by_plan = [{"type": "group", "group_type": "company", "property": "plan"}, *by_page]
    assert totals(world.trends("a", breakdown=by_plan)) == {"pro::/": 1, "(none)::(none)": 1}


def test_series_of_all_sorts_share_their_lines(world: World) -> None:
    for person, plan in ((1, "a"), (1, "a"), (2, "b"), (3, "c")):
        world.add("a", DAY, person, properties={"plan": plan})
    series = [{"event": "a", "math": math} for math in ("total", "weekly_active", "first_time_for_user")]
    result = world.trends(series, breakdown=["plan"], breakdown_limit=1)
    found = {(s["letter"], "::".join(s["breakdown"])): s["total"] for s in result["series"]}
    assert found == {
        ("A", "a"): 2, ("A", "Other"): 2, ("B", "a"): 1, ("B", "Other"): 2, ("C", "a"): 1, ("C", "Other"): 2,
    }  # fmt: skip
    ratio = world.trends(series, formula="A/B")["series"][0]
    assert (ratio["total"], ratio["data"][0]) == (pytest.approx(4 / 3), 0)


def test_compare_to_any_period(world: World) -> None:
    world.add("a", DAY)
    world.add("a", "2019-01-02 10:00:00", 2)
    world.add("a", "2019-12-30 10:00:00", 3)
    result = world.trends("a", compare={"to": "-1y"})
    assert result["previous_labels"][0] == "2018-12-28T00:00:00Z"
    assert result["series"][0]["previous"] == [0, 0, 0, 0, 0, 1, 0, 0]
    # A period that overlaps its own past.
    shifted = world.trends("a", compare={"to": "-3d"})["series"][0]
    assert (shifted["data"], shifted["previous"]) == ([0, 0, 1, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0])
    for to in ("-0d", "1y", "-99999y"):
        with pytest.raises(Problem, match=r"compare\.to"):
            world.trends("a", compare={"to": to})


def test_compare_from_a_day_whose_midnight_clocks_skip(world: World) -> None:
    world.add("a", "2019-09-01 04:30:00")
    dates = {"date_from": "2019-09-08", "date_to": "2019-09-08", "timezone": "America/Santiago"}
    result = world.trends("a", compare={"to": "-1w"}, **dates)
    assert result["previous_labels"] == ["2019-09-01T00:00:00-04:00"]
    assert result["series"][0]["previous"] == [1]


def test_smoothing_and_then_the_running_sum(world: World) -> None:
    for day, times in (("2020-01-01", 2), ("2020-01-02", 4)):
        for _ in range(times):
            world.add("a", f"{day} 10:00:00")
    assert data(world.trends("a", smoothing=2)) == [0, 0, 0, 0, 1, 3, 2, 0]
    assert data(world.trends("a", smoothing=2, cumulative=True)) == [0, 0, 0, 0, 1, 4, 6, 6]
    assert data(world.trends("a", smoothing=100))[4] == pytest.approx(2 / 5)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"breakdown": {"type": "cohort"}}, "breakdown.0.cohorts"),
        ({"breakdown": {"type": "cohort", "cohorts": [True]}}, "breakdown.0.cohorts"),
        ({"breakdown": [{"type": "cohort", "cohorts": [1]}] * 2}, "breakdown"),
        ({"breakdown": {"property": "a", "bins": 1}}, "breakdown.0.bins"),
        ({"smoothing": 0}, "smoothing"),
        ({"compare": {"to": "soon"}}, "compare.to"),
        ({"compare": {}}, "compare.to"),
    ],
)
def test_faults_name_the_field(world: World, body: dict[str, Any], field: str) -> None:
    with pytest.raises(Problem) as caught:
        world.trends("a", **body)
    assert field in {error.path for error in caught.value.errors}


@pytest.mark.parametrize("math", ["total", "unique", "weekly_active", "first_time_for_user", "max_count_per_actor"])
@pytest.mark.parametrize("compare", [True, {"to": "-3d"}, {"to": "-1m"}])
def test_the_period_compared_with_has_its_own_numbers(world: World, math: str, compare: Any) -> None:
    for i, day in enumerate(("2019-11-30", "2019-12-02", "2019-12-22", "2019-12-26", "2019-12-28", "2020-01-02")):
        world.add("a", f"{day} 10:00:00", i % 3)
    both = one(world, math, compare=compare)
    first, last = both["previous_labels"][0][:10], both["previous_labels"][-1][:10]
    alone = one(world, math, date_from=first, date_to=last)["series"][0]
    assert (both["series"][0]["previous"], both["series"][0]["previous_total"]) == (alone["data"], alone["total"])


SHOP = "2020-01-02 10:00:00"


def measure(world: World, sql: str, **more: Any) -> Any:
    series = [{"event": "buy", "math": "sql", "math_sql": sql}]
    return world.trends(series, date_from="2020-01-02", date_to="2020-01-03", **more)


@pytest.fixture
def shop(world: World) -> World:
    """Alice buys for 10 and 30 on the second, Bob for 5 on the third; Carol only looks."""
    world.add("buy", SHOP, 1, properties={"price": 10, "plan": "team"})
    world.add("buy", SHOP, 1, properties={"price": 30, "plan": "free"})
    world.add("buy", "2020-01-03 10:00:00", 2, properties={"price": 5, "plan": "team"})
    world.add("look", SHOP, 3, properties={"price": 1000})
    return world


@pytest.mark.parametrize(
    ("sql", "data", "total"),
    [
        ("sum(properties.price) / count()", [20, 5], 15),
        ("uniq(person)", [1, 1], 2),
        ("countIf(properties.price > 7) / count() * 100", [100, 0], 200 / 3),
        ("quantileExact(0.5)(properties.price)", [30, 5], 10),
        ("max(length(event)) + 0.5", [3.5, 3.5], 3.5),
    ],
)
def test_an_aggregate_of_ones_own(shop: World, sql: str, data: list[float], total: float) -> None:
    [line] = measure(shop, sql)["series"]
    assert (line["data"], line["total"]) == (data, pytest.approx(total))


def test_an_aggregate_of_ones_own_by_breakdown_filter_and_merge(shop: World) -> None:
    lines = measure(shop, "sum(properties.price)", breakdown=["plan"], breakdown_limit=1)["series"]
    assert [(line["breakdown"], line["data"]) for line in lines] == [(["team"], [10, 5]), (["Other"], [30, 0])]
    shop.merge(2, into=1)
    assert measure(shop, "uniq(person)")["series"][0]["total"] == 1


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("properties.price", "must call an aggregate function"),
        ("sum((SELECT 1))", "has a query"),
        ("count() AS project_id", "has an alias"),
        ("sum(project_id)", "which is no column"),
        ("sum(x) OVER ()", "has a window"),
        ("count(), count()", "must be one expression"),
        ("sum(arrayJoin([1, 2]))", "calls arrayJoin"),
        ("", "is required"),
    ],
)
def test_what_an_aggregate_may_not_be(shop: World, sql: str, fault: str) -> None:
    with pytest.raises(Problem) as refused:
        measure(shop, sql)
    assert [error.path for error in refused.value.errors] == ["series.0.math_sql"]
    assert fault in refused.value.errors[0].message


def test_posthogs_name_for_it(shop: World) -> None:
    series = [{"event": "buy", "math": "hogql", "math_hogql": "count()"}]
    assert shop.trends(series, date_from="2020-01-02", date_to="2020-01-03")["series"][0]["data"] == [2, 1]


@pytest.mark.parametrize("math", ["total", "unique", "sessions"])
def test_more_cohorts_than_may_be_shown(world: World, math: str) -> None:
    world.add_cohort(7, [1, 2, 3])
    world.add_cohort(8, [3, 4])
    for person in range(1, 5):
        world.add("a", "2020-01-02 10:00:00", person, session=person)
    body = {"breakdown": [{"type": "cohort", "cohorts": [7, 8]}], "breakdown_limit": 1}
    series = world.trends([{"event": "a", "math": math}], **body)["series"]
    assert [(line["breakdown"], line["total"]) for line in series] == [(["7"], 3), (["Other"], 2)]
    asked = {"kind": "trends", "series": [{"event": "a", "math": math}], **body}
    assert world.people(asked, {"series": 0, "is_other": True}) == {3, 4}
