"""Funnels on small worlds, to the last number."""

from __future__ import annotations

from typing import Any

import pytest

from northing.kernel.problems import Problem
from tests.data.query.world import World

DAY = "2020-01-02"


def ask(world: World, steps: list[Any], **more: Any) -> Any:
    return world.ask({"kind": "funnel", "steps": steps, **more}).result


def counts(result: Any) -> list[int]:
    return [step["count"] for step in result["steps"]]


def journey(world: World, person: int, text: str, **more: Any) -> None:
    """Events by letter, one a minute; `.` is a minute in which nothing happens."""
    for minute, event in enumerate(text):
        if event != ".":
            world.add(event, f"{DAY} 10:{minute:02}:00", person, **more)


def lines(result: Any) -> dict[str, list[int]]:
    return {"::".join(line["breakdown"]): counts(line) for line in result["breakdowns"]}


def test_the_example_of_the_definition(world: World) -> None:
    """Sign up, paid, watched movie: 4, 2, 1. The wrong order and the last step alone do not count."""
    journeys = {1: ["sign up"], 2: ["sign up", "paid"], 3: ["sign up", "paid", "watched movie"],
                4: ["watched movie", "sign up"], 5: ["paid"], 6: ["watched movie"]}  # fmt: skip
    for person, events in journeys.items():
        for hour, event in enumerate(events):
            world.add(event, f"{DAY} {hour + 10}:00:00", person)
    result = ask(world, ["sign up", "paid", "watched movie"])
    assert counts(result) == [4, 2, 1]
    assert [step["conversion_from_first"] for step in result["steps"]] == [100, 50, 25]
    assert [step["conversion_from_previous"] for step in result["steps"]] == [100, 50, 50]
    assert [step["drop_off"] for step in result["steps"]] == [0, 2, 1]
    assert [step["median_seconds"] for step in result["steps"]] == [None, 3600, 3600]
    assert result["bottleneck"] == 1


def test_a_repeated_step_needs_as_many_events(world: World) -> None:
    """Sign up and four page views: 5, 4, 1, 1, 1."""
    for person, text in enumerate(["svvvv", "sv", "sv", "vsv.", "s"], start=1):
        journey(world, person, text)
    journey(world, 6, "vvvvv")
    assert counts(ask(world, ["s", "v", "v", "v", "v"])) == [5, 4, 1, 1, 1]


def test_an_excluded_event_takes_the_person_out_of_the_whole_funnel(world: World) -> None:
    journey(world, 1, "ab.xc.xd.xe")
    journey(world, 2, "ab..c.xd.xe")
    journey(world, 3, "axb.c..d.xe")
    left = {(0, 1): [1, 2], (1, 2): [2, 3], (2, 3): [3], (3, 4): [], (1, 3): [3]}
    for (first, last), people in left.items():
        exclusion = {"event": "x", "from_step": first, "to_step": last}
        result = ask(world, list("abcde"), exclusions=[exclusion])
        assert counts(result) == [len(people)] * 5, exclusion


def test_time_to_convert(world: World) -> None:
    for person, seconds in enumerate((3600, 2220, 82_800), start=1):
        world.add("a", f"{DAY} 00:00:00", person)
        world.add("b", f"{DAY} {seconds // 3600:02}:{seconds % 3600 // 60:02}:00", person)
    result = ask(world, ["a", "b"], view="time_to_convert")
    assert result == {
        "bins": [[2220, 2], [42_510, 0], [82_800, 1]], "average": 29_540, "median": 3600, "count": 3,
    }  # fmt: skip
    bins = ask(world, ["a", "b"], view="time_to_convert", bins=7)["bins"]
    assert [edge for edge, _ in bins[:3]] == [2220, 13_732, 25_244]
    assert len(bins) == 8
    assert sum(count for _, count in bins) == 3


def test_time_to_convert_of_nobody_and_of_one(world: World) -> None:
    result = ask(world, ["a", "b"], view="time_to_convert")
    assert result == {"bins": [], "average": None, "median": None, "count": 0}
    journey(world, 1, "ab")
    assert ask(world, ["a", "b"], view="time_to_convert")["bins"] == [[60, 1], [120, 0]]


def test_an_empty_project(world: World) -> None:
    result = ask(world, ["a", "b"])
    assert counts(result) == [0, 0]
    assert result["steps"][0]["conversion_from_first"] == 0
    assert result["bottleneck"] is None
    for view in ("trend", "correlation"):
        ask(world, ["a", "b"], view=view)


def test_the_window_includes_its_edge(world: World) -> None:
    journey(world, 1, "a.b")
    assert counts(ask(world, ["a", "b"], window={"value": 2, "unit": "minute"})) == [1, 1]
    assert counts(ask(world, ["a", "b"], window={"value": 119, "unit": "second"})) == [1, 0]


def test_a_later_start_begins_anew(world: World) -> None:
    """The window counts from the latest start, and so do the times."""
    journey(world, 1, "a..a.b")
    result = ask(world, ["a", "b"], window={"value": 3, "unit": "minute"})
    assert counts(result) == [1, 1]
    assert result["steps"][1]["median_seconds"] == 120


def test_events_of_the_same_time_convert(world: World) -> None:
    for event in "cab":
        world.add(event, f"{DAY} 10:00:00")
    assert counts(ask(world, ["a", "b", "c"])) == [1, 1, 1]


def test_one_event_fulfils_one_step(world: World) -> None:
    world.add("a", f"{DAY} 10:00:00")
    assert counts(ask(world, ["a", "a"])) == [1, 0]
    world.add("a", f"{DAY} 10:00:00")
    assert counts(ask(world, ["a", "a"])) == [1, 1]


@pytest.mark.parametrize(("text", "reached"), [("abc", 3), ("axbc", 1), ("abxc", 2), ("axabc", 3), ("abbc", 3)])
def test_strict_order_allows_nothing_in_between(world: World, text: str, reached: int) -> None:
    journey(world, 1, text)
    assert counts(ask(world, ["a", "b", "c"], order="strict")) == [1] * reached + [0] * (3 - reached)


def test_unordered_steps_slide(world: World) -> None:
    journey(world, 1, "c....ba")
    window = {"value": 2, "unit": "minute"}
    result = ask(world, ["a", "b", "c"], order="unordered", window=window)
    assert counts(result) == [1, 1, 0]
    assert [step["name"] for step in result["steps"]] == ["Completed 1 step", "Completed 2 steps", "Completed 3 steps"]
    assert counts(ask(world, ["a", "b", "c"], order="unordered")) == [1, 1, 1]


def test_unordered_steps_share_events_as_well_as_they_can(world: World) -> None:
    """Any page, and the page of prices: two views of prices complete both."""
    for minute in range(2):
        world.add("v", f"{DAY} 10:0{minute}:00", 1, properties={"page": "/prices"})
    world.add("v", f"{DAY} 10:00:00", 2, properties={"page": "/prices"})
    steps = ["v", {"event": "v", "filters": [{"property": "page", "value": "/prices"}]}]
    assert counts(ask(world, steps, order="unordered")) == [2, 1]
    assert counts(ask(world, ["v", "v", "v"], order="unordered")) == [2, 1, 0]


def test_an_optional_step_may_be_skipped(world: World) -> None:
    for person, text in enumerate(["abc", "ac", "acb", "ab"], start=1):
        journey(world, person, text)
    result = ask(world, ["a", {"event": "b", "optional": True}, "c"])
    assert counts(result) == [4, 2, 3]
    assert result["steps"][2]["conversion_from_previous"] == 75
    assert result["steps"][1]["optional"] is True
    assert result["bottleneck"] == 2


def test_attribution(world: World) -> None:
    for minute, (event, plan) in enumerate([("a", None), ("a", "free"), ("b", "pro"), ("c", None)]):
        world.add(event, f"{DAY} 10:0{minute}:00", 1, properties={"plan": plan} if plan else {})
    by = {"breakdown": ["plan"]}
    steps = ["a", "b", "c"]
    assert lines(ask(world, steps, **by)) == {"free": [1, 1, 1]}
    assert lines(ask(world, steps, **by, attribution="last_touch")) == {"pro": [1, 1, 1]}
    assert lines(ask(world, steps, **by, attribution="step", attribution_step=1)) == {"pro": [1, 1, 1]}
    assert lines(ask(world, steps, **by, attribution="step", attribution_step=2)) == {"(none)": [1, 1, 1]}
    assert lines(ask(world, steps, **by, attribution="all_events")) == {"(none)": [1, 0, 0], "free": [1, 0, 0]}


@pytest.mark.parametrize("view", ["steps", "trend"])
def test_a_step_of_a_cohort_with_a_funnel_for_each_value_after_a_merge(world: World, view: str) -> None:
    journey(world, 1, "ab", properties={"plan": "free"})
    journey(world, 2, "ab", properties={"plan": "pro"})
    world.merge(3, into=2)
    world.add_cohort(7, [2])
    steps = ["a", {"event": "b", "filters": [{"type": "cohort", "value": 7}]}]
    result = ask(world, steps, breakdown=["plan"], attribution="all_events", view=view)
    if view == "steps":
        assert lines(result) == {"free": [1, 0], "pro": [1, 1]}
    else:
        assert [max(one["reached_to"]) for one in result["series"]] == [0, 1]


@pytest.mark.parametrize("attribution", ["first_touch", "last_touch", "all_events", "step"])
def test_the_rest_is_other(world: World, attribution: str) -> None:
    for person, plan in enumerate(["p", "p", "p", "q", "q", "r", "s"], start=1):
        journey(world, person, "ab" if person % 2 else "a", properties={"plan": plan})
    options = {"breakdown": ["plan"], "attribution": attribution, "breakdown_limit": 2}
    result = ask(world, ["a", "b"], **options)
    assert lines(result) == {"p": [3, 2], "q": [2, 1], "Other": [2, 1]}
    assert counts(result) == [7, 4]
    assert [line["is_other"] for line in result["breakdowns"]] == [False, False, True]
    trend = ask(world, ["a", "b"], **options, view="trend")["series"]
    assert [(s["breakdown"], sum(s["reached_from"]), sum(s["reached_to"])) for s in trend] == [
        (["p"], 3, 2), (["q"], 2, 1), (["Other"], 2, 1),
    ]  # fmt: skip


def test_breakdown_by_person(world: World) -> None:
    world.add_person(1, tier="gold")
    for person in (1, 2):
        journey(world, person, "ab")
    result = ask(world, ["a", "b"], breakdown=[{"type": "person", "property": "tier"}, "plan"])
    assert lines(result) == {"(none)::(none)": [1, 1], "gold::(none)": [1, 1]}
    result = ask(world, ["a", "b"], breakdown=[{"type": "person", "property": "tier"}])
    assert lines(result) == {"(none)": [1, 1], "gold": [1, 1]}


def test_by_session_and_by_group(world: World) -> None:
    for event, minute, session, company in (("a", 1, 5, "acme"), ("b", 2, 6, "acme"), ("a", 3, 0, ""), ("b", 4, 0, "")):
        groups = {"company": company} if company else {}
        world.add(event, f"{DAY} 10:0{minute}:00", minute, session=session, groups=groups)
    assert counts(ask(world, ["a", "b"])) == [2, 0]
    assert counts(ask(world, ["a", "b"], aggregate_by="session")) == [1, 0]
    for aggregate_by in ("company", {"group": "company"}):
        assert counts(ask(world, ["a", "b"], aggregate_by=aggregate_by)) == [1, 1]


def test_trend_counts_each_entrance_period(world: World) -> None:
    for day, event, person in ((1, "a", 1), (2, "a", 1), (3, "b", 1), (3, "a", 2)):
        world.add(event, f"2020-01-0{day} 10:00:00", person)
    [series] = ask(world, ["a", "b"], view="trend", date_from="2020-01-01")["series"]
    assert series["reached_from"] == [1, 1, 1, 0]
    assert series["reached_to"] == [1, 1, 0, 0]
    assert series["data"] == [100, 100, 0, 0]
    assert series["name"] == "a → b"
    [daily] = ask(
        world, ["a", "b"], view="trend", date_from="2020-01-01", window={"value": 1, "unit": "day"}, order="unordered"
    )["series"]
    assert daily["reached_to"] == [0, 1, 0, 0]


def test_step_one_is_the_number_of_people_of_trends(world: World) -> None:
    for person, text in enumerate(["ab", "ba", "aa", "b", "xa"], start=1):
        journey(world, person, text)
    people = world.trends([{"event": "a", "math": "unique"}])["series"][0]["total"]
    assert counts(ask(world, ["a", "b"]))[0] == people == 4


def test_conversion_is_a_funnel_of_two_steps(world: World) -> None:
    for person, text in enumerate(["ab", "a....b", "a", "ba"], start=1):
        journey(world, person, text)
    body = {"kind": "conversion", "start_event": "a", "end_event": "b", "window_minutes": 3}
    times = {"median_seconds": 60.0, "mean_seconds": 60.0}
    assert world.ask(body).result == {"rate": 25.0, "started": 4, "converted": 1, **times}


@pytest.mark.parametrize(("more", "path"), [
    ({"steps": ["a"]}, "steps"),
    ({"steps": ["a"] * 21}, "steps"),
    ({"steps": [{"event": "a", "optional": True}, "b"]}, "steps.0.optional"),
    ({"steps": ["a", {"event": "b", "optional": True}], "order": "unordered"}, "steps"),
    ({"window": {"value": 401, "unit": "day"}}, "window.value"),
    ({"window": {"value": 14, "unit": "moon"}}, "window.unit"),
    ({"exclusions": [{"event": "a", "from_step": 0, "to_step": 1}]}, "exclusions.0.event"),
    ({"exclusions": [{"event": "x", "from_step": 1, "to_step": 1}]}, "exclusions.0.to_step"),
    ({"exclusions": [{"event": "x", "from_step": 0, "to_step": 3}]}, "exclusions.0.to_step"),
    ({"exclusions": [{"event": "x", "from_step": 0, "to_step": 1}], "order": "unordered"}, "exclusions.0.from_step"),
    ({"attribution": "step", "attribution_step": 1, "order": "unordered"}, "attribution_step"),
    ({"attribution_step": 3}, "attribution_step"),
    ({"steps": [{"event": "a", "filters": [{"property": f"p{i}", "value": "x"}]} for i in range(6)],
      "order": "unordered"}, "steps"),
    ({"from_step": 2, "to_step": 1}, "to_step"),
    ({"view": "time_to_convert", "breakdown": ["plan"]}, "breakdown"),
    ({"view": "correlation", "aggregate_by": "session"}, "aggregate_by"),
    ({"view": "correlation", "correlate": "event_properties"}, "event"),
])  # fmt: skip
def test_faults_name_the_field(world: World, more: dict[str, Any], path: str) -> None:
    with pytest.raises(Problem) as caught:
        world.ask({"kind": "funnel", "steps": ["a", "b", "c"], **more})
    assert [error.path for error in caught.value.errors] == [path]


def test_many_steps_over_a_long_range_and_any_event(world: World) -> None:
    """Twenty steps that any event fulfils, over more than a century: 128 bits."""
    journey(world, 1, "abcdefghijklmnopqrst")
    steps = [{"event": None}] * 20
    result = ask(world, steps, date_from="1900-01-01", exclusions=[{"event": "x", "from_step": 0, "to_step": 19}])
    assert counts(result) == [1] * 20
    assert counts(ask(world, steps, date_from="1900-01-01", order="strict")) == [1] * 20


def test_the_example_of_the_docs(world: World) -> None:
    journeys = {
        1: "9:00 signed_up, 9:30 invited, 10:00 order_paid",
        2: "9:00 signed_up, 11:00 order_paid",
        3: "9:00 signed_up, 10:00 signed_up, 11:30 order_paid",
        4: "9:00 order_paid, 9:05 signed_up",
        5: "9:00 signed_up, 9:30 closed, 10:00 order_paid",
    }
    for person, text in journeys.items():
        for at, event in (part.split() for part in text.split(", ")):
            world.add(event, f"{DAY} {at:0>5}:00", person)
    steps = ["signed_up", {"event": "invited", "optional": True}, "order_paid"]
    exclusions = [{"event": "closed", "from_step": 0, "to_step": 2}]
    result = ask(world, steps, window={"value": 2, "unit": "hour"}, exclusions=exclusions)
    assert counts(result) == [4, 1, 3]
    assert [step["conversion_from_first"] for step in result["steps"]] == [100, 25, 75]
    assert result["steps"][2]["median_seconds"] == 5400
    assert result["bottleneck"] == 2
    body = {"kind": "conversion", "start_event": "signed_up", "end_event": "order_paid", "window_minutes": 120}
    answer = world.ask(body)
    expected = {"rate": 80.0, "started": 5, "converted": 4, "median_seconds": 4500.0}
    assert {name: answer.result[name] for name in expected} == expected
    assert "UTC" in answer.definition


@pytest.mark.parametrize(("moments", "reached"), [
    ("a x b", [0, 0]),
    ("ax . b", [1, 1]),
    ("a . xb", [1, 1]),
    ("xa . b", [1, 1]),
    ("x a b", [1, 1]),
    ("a b x", [1, 1]),
    ("a x a b", [1, 1]),
    ("a x . a", [1, 0]),
    ("ax", [1, 0]),
    ("a . . x", [0, 0]),
    ("a . . . x", [1, 0]),
])  # fmt: skip
@pytest.mark.parametrize("order", ["ordered", "unordered"])
def test_an_exclusion_ends_the_attempts_it_falls_in(world: World, moments: str, reached: list[int], order: str) -> None:
    """One moment a minute, a window of three."""
    for minute, events in enumerate(moments.split()):
        for event in events.strip("."):
            world.add(event, f"{DAY} 10:{minute:02}:00")
    exclusions = [{"event": "x", "from_step": 0, "to_step": 1}]
    options = {"exclusions": exclusions, "window": {"value": 3, "unit": "minute"}, "order": order}
    if order == "unordered" and moments == "a x b":
        # What comes after the excluded event is an attempt of its own.
        reached = [1, 0]
    assert counts(ask(world, ["a", "b"], **options)) == reached
