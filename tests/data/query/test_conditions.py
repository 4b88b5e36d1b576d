"""Every operator, on a world where each event has a letter that says which it is."""

# ruff: noqa: E501 (one case to a line reads best)

from __future__ import annotations

from typing import Any

import pytest

from tests.data.query.world import World

EVENTS: dict[str, dict[str, Any]] = {
    "a": {"plan": "pro", "n": 5, "at": "2020-01-01"},
    "b": {"plan": "Professional", "n": "7.5", "at": "2020-01-02T12:00:00Z"},
    "c": {"plan": "free", "n": 5.0, "flag": True},
    "d": {"plan": 5, "n": -1, "flag": False},
    "e": {"n": "x"},
    "f": {"cart": {"items": {"count": 3}}},
}
CASES: list[tuple[dict[str, Any], str]] = [
    ({"property": "plan", "operator": "exact", "value": "pro"}, "a"),
    ({"property": "plan", "value": ["pro", "free"]}, "ac"),
    ({"property": "plan", "operator": "in", "value": ["pro", 5]}, "ad"),
    ({"property": "plan", "operator": "not_in", "value": ["pro", "5"]}, "bcef"),
    ({"property": "plan", "operator": "is_not", "value": "pro"}, "bcdef"),
    ({"property": "n", "operator": "exact", "value": 5}, "ac"),
    ({"property": "n", "operator": "exact", "value": "5"}, "ac"),
    ({"property": "n", "operator": "exact", "value": "7.5"}, "b"),
    ({"property": "flag", "operator": "exact", "value": True}, "c"),
    ({"property": "flag", "operator": "exact", "value": "false"}, "d"),
    ({"property": "plan", "operator": "icontains", "value": "PRO"}, "ab"),
    ({"property": "plan", "operator": "not_icontains", "value": "pro"}, "cdef"),
    ({"property": "plan", "operator": "regex", "value": "^[Pp]ro"}, "ab"),
    ({"property": "plan", "operator": "not_regex", "value": "^[Pp]ro"}, "cdef"),
    ({"property": "n", "operator": "gt", "value": 5}, "b"),
    ({"property": "n", "operator": "gte", "value": "5"}, "abc"),
    ({"property": "n", "operator": "lt", "value": 5}, "d"),
    ({"property": "n", "operator": "lte", "value": 5}, "acd"),
    ({"property": "plan", "operator": "gt", "value": "free"}, "a"),
    ({"property": "plan", "operator": "is_set"}, "abcd"),
    ({"property": "plan", "operator": "is_not_set"}, "ef"),
    ({"property": "at", "operator": "is_date_before", "value": "2020-01-02"}, "a"),
    ({"property": "at", "operator": "is_date_after", "value": "2020-01-02"}, "b"),
    ({"property": "at", "operator": "is_date_after", "value": "-4d"}, "ab"),
    ({"type": "person", "property": "tier", "value": "gold"}, "a"),
    ({"type": "person", "property": "tier", "operator": "is_not", "value": "gold"}, "bcdef"),
    ({"type": "person", "property": "tier", "operator": "is_not_set"}, "cdef"),
    ({"type": "person", "property": "age", "operator": "gt", "value": 30}, "b"),
    ({"type": "sql", "value": "properties.n > 4 and lower(properties.plan) like 'pro%'"}, "ab"),
    ({"and": [{"property": "n", "operator": "gte", "value": 5}, {"property": "plan", "operator": "is_not", "value": "pro"}]}, "bc"),
    ({"or": [{"property": "plan", "value": "pro"}, {"and": [{"property": "n", "value": "x"}]}]}, "ae"),
    ({"and": []}, "abcdef"),
    ({"property": "path", "operator": "exact", "value": "/"}, "f"),
    ({"property": "$pathname", "operator": "is_set"}, "f"),
    ({"property": "cart", "operator": "is_set"}, "f"),
    ({"property": "cart.items", "operator": "is_set"}, "f"),
    ({"property": "cart.items.count", "operator": "is_set"}, "f"),
    ({"property": "cart.it", "operator": "is_not_set"}, "abcdef"),
    ({"property": "no'such`thing", "operator": "is_not_set"}, "abcdef"),
]  # fmt: skip


@pytest.fixture(scope="module")
def letters(engine: Any, event_store: Any) -> World:
    """The events, each by a person of its own."""
    world = World(engine, event_store, 900_001)
    world.add_all(
        {
            "event": letter,
            "timestamp": "2020-01-03 10:00:00",
            "person": i,
            "path": "/" if letter == "f" else "",
            "properties": p,
        }
        for i, (letter, p) in enumerate(EVENTS.items())
    )
    world.add_person(0, tier="gold", age=30)
    world.add_person(1, tier="silver", age=31)
    return world


@pytest.mark.parametrize(("filters", "expected"), CASES, ids=lambda v: str(v)[:60])
def test_matches(letters: World, filters: dict[str, Any], expected: str) -> None:
    rows = letters.ask({"kind": "top_events", "filters": [filters]}).result
    assert "".join(sorted(row["event"] for row in rows)) == expected


@pytest.mark.parametrize(("filters", "expected"), CASES, ids=lambda v: str(v)[:60])
def test_the_same_in_a_series(letters: World, filters: dict[str, Any], expected: str) -> None:
    series = [{"event": None, "filters": [filters]}, {"event": None, "math": "unique", "filters": [filters]}]
    result = letters.trends(series)
    assert [s["total"] for s in result["series"]] == [len(expected)] * 2
