"""The query kind `top_events`: how often each happened, to how many, and who they are."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from northing.data.store import LocalStore, Store
from tests.data.query.world import World
from tests.support.engine import next_project_id

BODY: dict[str, Any] = {"kind": "top_events", "date_from": "2020-01-01", "date_to": "2020-01-02"}
# Europe/Berlin begins its days at full hours of UTC, Asia/Kolkata does not: sums by the hour, and events.
ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata")


@pytest.fixture
def shop(world: World) -> World:
    """Alice (1) sees three pages and buys; bob (2) sees one; carol (3) searched, the day before."""
    for event, at, person in (
        ("seen", "01 10:00", 1), ("seen", "01 10:01", 1), ("seen", "01 10:02", 1), ("bought", "01 10:05", 1),
        ("seen", "02 10:00", 2), ("searched", "02 11:00", 2), ("searched", "2019-12-31 10:00", 3),
    ):  # fmt: skip
        world.add(
            event, f"{at if len(at) > 10 else '2020-01-' + at}:00", person, properties={"plan": "pro"[person - 1 :]}
        )
    return world


def test_the_most_frequent_come_first_with_their_share(shop: World) -> None:
    assert shop.ask(BODY).result == [
        {"event": "seen", "count": 4, "users": 2, "share": 66.67},
        {"event": "bought", "count": 1, "users": 1, "share": 16.67},
        {"event": "searched", "count": 1, "users": 1, "share": 16.67},
    ]


def test_the_share_is_of_all_events_shown_or_not(shop: World) -> None:
    assert shop.ask({**BODY, "limit": 1}).result == [{"event": "seen", "count": 4, "users": 2, "share": 66.67}]


def test_filters_narrow_the_whole_too(shop: World) -> None:
    mine = {"property": "plan", "value": "pro"}
    found = shop.ask({**BODY, "filters": [mine]})
    assert [(row["event"], row["share"]) for row in found.result] == [("seen", 75.0), ("bought", 25.0)]
    assert "match the filters" in found.definition


def test_the_people_of_an_event_and_of_all(shop: World) -> None:
    assert shop.people(BODY, {"event": "seen"}) == {1, 2}
    assert shop.people(BODY, {"event": "searched"}) == {2}
    assert shop.people(BODY, {}) == {1, 2}
    assert shop.people({**BODY, "filters": [{"property": "plan", "value": "pro"}]}, {"event": "seen"}) == {1}


def test_merged_people_are_one(shop: World) -> None:
    shop.merge(2, 1)
    assert [row["users"] for row in shop.ask(BODY).result] == [1, 1, 1]
    assert shop.people(BODY, {"event": "seen"}) == {1}


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=10, deadline=None)
@given(events=st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 4), st.integers(0, 72)), max_size=25))
def test_equals_the_reference(
    engine: Store, event_store: LocalStore, *, zone: str, events: list[tuple[str, int, int]]
) -> None:
    world = World(engine, event_store, next_project_id())
    begin = datetime(2019, 12, 31, tzinfo=UTC)
    for name, person, hours in events:
        world.add(name, begin + timedelta(hours=hours), person)
    world.merge(4, 1)
    answer = world.ask({**BODY, "limit": 3}, zone=zone)
    assert answer.date_from
    assert answer.date_to
    inside = [e for e in events if answer.date_from <= begin + timedelta(hours=e[2]) < answer.date_to]
    counts = Counter(name for name, _, _ in inside)
    top = sorted(counts, key=lambda name: (-counts[name], name))[:3]
    people = {name: {1 if person == 4 else person for n, person, _ in inside if n == name} for name in top}
    assert [(row["event"], row["count"], row["users"]) for row in answer.result] == [
        (name, counts[name], len(people[name])) for name in top
    ]
    assert [row["share"] for row in answer.result] == [round(100 * counts[name] / len(inside), 2) for name in top]
