"""What one person did, on small worlds."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from northing.kernel.problems import Problem
from tests.data.query.world import World

DAY = "2020-01-02"


@pytest.fixture
def shop(world: World) -> World:
    """Alice (person 1, also 2 since she logged in) looked, signed up and bought; Bob (3) only looked."""
    for distinct_id, person in (("alice", 1), ("anonymous", 2), ("bob", 3)):
        world.add_distinct_id(distinct_id, person)
    world.add_person(1, name="Alice")
    world.merge(2, 1)
    world.add("$pageview", f"{DAY} 10:00:00", 2, distinct_id="anonymous", path="/", session=7, session_id="s7")
    world.add("signed_up", f"{DAY} 10:05:00", 1, distinct_id="alice", properties={"plan": "pro"})
    world.add("bought", f"{DAY} 11:00:00", 1, distinct_id="alice")
    world.add("$pageview", f"{DAY} 10:01:00", 3, distinct_id="bob", path="/")
    return world


def journey(world: World, **more: Any) -> Any:
    return world.ask({"kind": "person_journey", **more}).result


def events(result: Any) -> list[str]:
    return [event["event"] for event in result["events"]]


FUNNEL = {"steps": [{"event": "$pageview"}, {"event": "signed_up"}, {"event": "bought"}]}


@pytest.mark.parametrize("whom", [{"distinct_id": "alice"}, {"distinct_id": "anonymous"}, {"person": 1}, {"person": 2}])
def test_one_person_by_any_of_their_ids(shop: World, whom: dict[str, Any]) -> None:
    result = journey(shop, **whom)
    assert events(result) == ["$pageview", "signed_up", "bought"]
    assert (result["person"]["name"], result["person"]["person"]) == ("Alice", 1)
    assert shop.people({"kind": "person_journey", **whom}, {}) == {1}


def test_the_example_of_the_docs(shop: World) -> None:
    result = journey(shop, distinct_id="alice", funnel=FUNNEL)
    assert result["events"][1]["timestamp"] == "2020-01-02T10:05:00Z"
    assert result["events"][1]["properties"] == {"plan": "pro"}
    assert result["funnel"] == {
        "steps": [
            {"name": "$pageview", "reached_at": "2020-01-02T10:00:00Z"},
            {"name": "signed_up", "reached_at": "2020-01-02T10:05:00Z"},
            {"name": "bought", "reached_at": "2020-01-02T11:00:00Z"},
        ],
        "step_reached": 2,
        "converted": True,
    }


def test_how_far_in_the_funnel(shop: World) -> None:
    assert journey(shop, distinct_id="bob", funnel=FUNNEL)["funnel"]["step_reached"] == 0
    quick = {**FUNNEL, "window": {"value": 30, "unit": "minute"}}
    funnel = journey(shop, distinct_id="alice", funnel=quick)["funnel"]
    assert (funnel["step_reached"], funnel["converted"]) == (1, False)
    backwards = {"steps": [{"event": "bought"}, {"event": "signed_up"}], "order": "unordered"}
    assert journey(shop, distinct_id="alice", funnel=backwards)["funnel"]["converted"]
    nowhere = {"steps": [{"event": "left"}, {"event": "signed_up"}]}
    assert journey(shop, distinct_id="alice", funnel=nowhere)["funnel"]["step_reached"] is None


def test_who_skips_what_is_excluded_gets_nowhere(shop: World) -> None:
    excluded = {**FUNNEL, "exclusions": [{"event": "signed_up", "from_step": 0, "to_step": 1}]}
    with pytest.raises(Problem):
        journey(shop, distinct_id="alice", funnel=excluded)
    steps = [{"event": "$pageview"}, {"event": "bought"}]
    excluded = {"steps": steps, "exclusions": [{"event": "signed_up", "from_step": 0, "to_step": 1}]}
    assert journey(shop, distinct_id="alice", funnel=excluded)["funnel"]["step_reached"] is None


def test_pages_follow_each_other(world: World) -> None:
    world.add_distinct_id("alice", 1)
    world.add_all({"event": f"e{i}", "timestamp": f"{DAY} 10:00:0{i // 2}", "person": 1} for i in range(7))
    cursor, pages = None, []
    for _ in itertools.count():
        result = journey(world, distinct_id="alice", limit=3, cursor=cursor)
        pages.append(events(result))
        cursor = result["next_cursor"]
        if cursor is None:
            break
    assert pages == [["e0", "e1", "e2"], ["e3", "e4", "e5"], ["e6"]]


def test_the_sessions_of_the_events(shop: World) -> None:
    shop.add_session(7, session_id="s7", start=f"{DAY} 10:00:00", end=f"{DAY} 10:04:00", entry_path="/")
    shop.add_session(8, session_id="s8", start=f"{DAY} 10:00:00", end=f"{DAY} 10:04:00")
    found = journey(shop, distinct_id="alice")
    (session,) = found["sessions"]
    assert session["session"] == found["events"][0]["session"] == "7"
    assert (session["session_id"], session["duration_seconds"], session["entry_path"]) == ("s7", 240, "/")
    assert session["start"] == "2020-01-02T10:00:00Z"


def test_filters_and_dates(shop: World) -> None:
    pro = [{"property": "plan", "value": "pro"}]
    assert events(journey(shop, distinct_id="alice", filters=pro)) == ["signed_up"]
    assert events(journey(shop, distinct_id="alice", date_from="2020-01-03")) == []


def test_nobody_has_that_id(shop: World) -> None:
    answer = shop.ask({"kind": "person_journey", "distinct_id": "carol", "funnel": FUNNEL})
    assert (answer.result["person"], answer.result["events"]) == (None, [])
    assert answer.result["funnel"]["step_reached"] is None
    assert answer.warnings == ("No person has this distinct_id.",)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "distinct_id"),
        ({"distinct_id": "a", "person": 1}, "distinct_id"),
        ({"person": 1, "cursor": "x"}, "cursor"),
        ({"person": 1, "cursor": f"1_{'-' * 36}"}, "cursor"),
        ({"person": 1, "funnel": {"steps": []}}, "funnel.steps"),
    ],
)
def test_faults_name_the_field(world: World, body: dict[str, Any], field: str) -> None:
    with pytest.raises(Problem) as caught:
        journey(world, **body)
    assert field in {error.path for error in caught.value.errors}
