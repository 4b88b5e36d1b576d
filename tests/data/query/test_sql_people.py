"""The people behind SQL: those in its column `person`."""

from __future__ import annotations

import pytest

from northing.kernel.problems import Problem
from tests.data.query.world import World


def people(world: World, sql: str, **params: object) -> set[int]:
    return world.people({"kind": "sql", "sql": sql, "params": params}, {})


@pytest.fixture
def shop(world: World) -> World:
    for person in (1, 2, 3, 4):
        world.add("bought" if person % 2 else "seen", "2020-01-02 10:00:00", person, properties={"price": person})
        world.add_person(person)
    world.merge(3, 4)
    return world


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT person, count() FROM events GROUP BY person", {1, 2, 4}),
        ("SELECT e.person FROM events AS e WHERE e.event = {event:String}", {1, 4}),
        ("SELECT toString(person) AS person FROM events ORDER BY properties.price DESC LIMIT 3", {2, 4}),
        ("SELECT * FROM persons", {1, 2, 4}),
        ("SELECT person FROM events WHERE event = 'seen' UNION ALL SELECT 1 AS person", {1, 2, 4}),
        ("WITH buyers AS (SELECT person FROM events WHERE event = 'bought') SELECT person FROM buyers", {1, 4}),
        # Nobody has these numbers.
        ("SELECT arrayJoin([1, -1, 77, NULL]) AS person", {1}),
        ("SELECT 'x' AS person FROM events", set()),
    ],
)
def test_who_is_in_the_rows(shop: World, sql: str, expected: set[int]) -> None:
    assert people(shop, sql, event="bought") == expected


def test_rows_are_not_cut_for_people(shop: World) -> None:
    query = {"kind": "sql", "sql": "SELECT person FROM events", "limit": 1}
    assert len(shop.people(query, {})) == 3


def test_a_statement_without_people_is_told_what_to_do(shop: World) -> None:
    with pytest.raises(Problem, match="has no column named person") as caught:
        people(shop, "SELECT count() FROM events")
    assert caught.value.errors[0].path == "query.sql"
