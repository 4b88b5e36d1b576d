"""Funnel correlation: odds ratios with priors and cut-offs."""

from __future__ import annotations

from typing import Any

import pytest

from northing.data.query import correlation_values
from northing.data.query.correlation import Table, show_correlation
from tests.data.query.world import World

DAY = "2020-01-02"


def ask(world: World, **more: Any) -> Any:
    return world.ask({"kind": "funnel", "steps": ["a", "b"], "view": "correlation", **more}).result


@pytest.fixture
def crowd(world: World) -> World:
    """Forty convert and forty do not; thirty of the first and ten of the others saw help in between."""
    events = []
    for person in range(1, 81):
        converts = person <= 40
        events.append({"event": "a", "timestamp": f"{DAY} 10:00:00", "person": person})
        if person <= 30 or person > 70:
            page = {"page": "prices" if converts else "terms", "visits": 3}
            events.append({"event": "help", "timestamp": f"{DAY} 10:01:00", "person": person, "properties": page})
        # Before entering, and after converting: neither counts.
        events.append({"event": "early", "timestamp": f"{DAY} 09:00:00", "person": person})
        if converts:
            events.append({"event": "b", "timestamp": f"{DAY} 10:02:00", "person": person})
            events.append({"event": "thanks", "timestamp": f"{DAY} 10:03:00", "person": person})
        else:
            events.append({"event": "cancel", "timestamp": f"{DAY} 10:03:00", "person": person})
        world.add_person(person, tier="gold" if person <= 35 else "basic")
    world.add_all({"properties": {}, **event} for event in events)
    return world


def test_events_between_entering_and_converting(crowd: World) -> None:
    result = ask(crowd)
    assert result["success"] == [
        {"event": "help", "success_count": 30, "failure_count": 10, "odds_ratio": round(31 * 31 / (11 * 11), 3)},
    ]  # fmt: skip
    assert result["failure"] == [
        {"event": "cancel", "success_count": 0, "failure_count": 40, "odds_ratio": round(1 * 1 / (41 * 41), 3)},
    ]  # fmt: skip
    assert (result["converted"], result["dropped"], result["skewed"]) == (40, 40, False)


def test_properties_of_an_event(crowd: World) -> None:
    """The visits of 30 and 10 and the prices of 30 are common enough; the terms of 10 are not."""
    for options in ({}, {"properties": ["page", "visits"]}):
        found = ask(crowd, correlate="event_properties", event="help", **options)["success"]
        assert [(f["event"], f["property"], f["value"]) for f in found] == [
            ("help", "page", "prices"), ("help", "visits", "3"),
        ]  # fmt: skip
        assert [(f["success_count"], f["failure_count"]) for f in found] == [(30, 0), (30, 10)]


def test_values_are_found_among_some_and_counted_among_all(crowd: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One in four people is asked which values there are."""
    whole = ask(crowd, correlate="event_properties", event="help")
    monkeypatch.setattr(correlation_values, "_SAMPLED_PEOPLE", 20)
    assert ask(crowd, correlate="event_properties", event="help") == whole
    assert len(whole["success"]) == 2


def test_what_a_browser_shows_is_a_property_too(world: World) -> None:
    events = []
    for person in range(1, 61):
        named = ("a", "help", "b") if person <= 30 else ("a", "help")
        shown = {"person": person, "browser": "Firefox" if person <= 30 else "Safari"}
        events += [{"event": e, "timestamp": f"{DAY} 10:0{i}:00", **shown} for i, e in enumerate(named)]
    world.add_all(events)
    result = ask(world, correlate="event_properties", event="help")
    assert [(f["property"], f["value"], f["success_count"]) for f in result["success"]] == [("$browser", "Firefox", 30)]
    assert [(f["property"], f["value"], f["failure_count"]) for f in result["failure"]] == [("$browser", "Safari", 30)]


def test_properties_of_people(crowd: World) -> None:
    for options in ({}, {"properties": ["tier"]}):
        result = ask(crowd, correlate="person_properties", **options)
        [success], [failure] = result["success"], result["failure"]
        assert (success["property"], success["value"]) == ("tier", "gold")
        assert (success["success_count"], success["failure_count"]) == (35, 0)
        assert (failure["value"], failure["success_count"], failure["failure_count"]) == ("basic", 5, 40)


def test_merged_people_count_once(crowd: World) -> None:
    crowd.merge(80, into=79)
    assert ask(crowd)["success"][0]["failure_count"] == 9


@pytest.mark.parametrize(
    ("success", "failure", "kept"), [(25, 0, True), (24, 0, False), (15, 10, True), (39, 0, False)]
)
def test_what_few_people_have_is_left_out(success: int, failure: int, kept: bool) -> None:
    """Below 25 people, or below 2 per cent of 2,000."""
    totals = 1000 if success == 39 else 200
    result = show_correlation([["e", "", "", success, failure]], totals, totals)
    assert bool(result["success"]) == kept


def test_ten_of_each_and_the_skew() -> None:
    rows = [[f"e{i:02}", "", "", 30 + i, 1] for i in range(12)]
    result = show_correlation(rows, 1101, 110)
    assert [item["event"] for item in result["success"]] == [f"e{i:02}" for i in range(11, 1, -1)]
    assert result["skewed"] is True
    assert show_correlation([], 1100, 110)["skewed"] is False
    assert show_correlation([], 0, 1)["skewed"] is True


def test_the_odds_ratio_has_a_prior_of_one_each() -> None:
    assert Table(success=9, failure=0, successes=19, failures=19).odds_ratio == 10 * 20 / (1 * 11)
