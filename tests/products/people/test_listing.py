"""Pages of people: by number, with search, with and without a profile, after merges."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from northing.data.query.draft import Draft
from northing.data.query.people import Listed, People, PeoplePage, list_people, name_of, plan_everyone
from northing.data.query.scope import Ask, Scope
from northing.data.query.statements import EVENTS, ROW, Statement
from northing.data.store import LocalStore, QueryResult, Store
from tests.data.query.world import NOW
from tests.support.people import Shop

PROFILES = [
    (1, "u1", {"name": "Ada", "email": "ada@x.test"}),
    (2, "u2", {"email": "bo@x.test"}),
    (3, "u3", None),
    (4, "0190aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee", {"username": "dee"}),
]


@pytest.fixture
def shop(engine: Store, event_store: LocalStore, project_id: int) -> Shop:
    """Four people, one of them without a profile."""
    made = Shop(engine, event_store, project_id)
    made.add_people(PROFILES)
    return made


def listed(shop: Shop, *, merged: bool = False, **page: int | str) -> Listed:
    draft = Draft(replace(Scope(shop.project_id, "UTC", "monday", NOW), merged=merged))
    return asyncio.run(list_people(plan_everyone(draft), PeoplePage(**page), ask_of(shop)))  # type: ignore[arg-type]


def ask_of(shop: Shop) -> Ask:
    async def ask(statement: Statement) -> QueryResult:
        return await shop.store.query(statement.sql, statement.params)

    return ask


def test_everyone_is_listed_by_number_with_the_total(shop: Shop) -> None:
    found = listed(shop)
    assert [(i["person"], i["name"]) for i in found.items] == [(1, "Ada"), (2, "bo@x.test"), (3, "u3"), (4, "dee")]
    assert (found.total, found.has_more) == (4, False)


def test_someone_without_a_profile_has_ids_only(shop: Shop) -> None:
    person = listed(shop).items[2]
    assert person == {
        "person": 3, "name": "u3", "distinct_ids": ["u3"], "properties": {}, "created_at": None, "is_identified": False,
    }  # fmt: skip


def test_a_profile_comes_with_its_day(shop: Shop) -> None:
    person = listed(shop).items[0]
    assert (person["created_at"], person["is_identified"]) == ("2026-01-01T00:00:00Z", True)
    assert person["properties"] == {"email": "ada@x.test", "name": "Ada"}


def test_pages_follow_each_other(shop: Shop) -> None:
    for number in (1, 2, 3, 4):
        found = listed(shop, limit=1, after=number - 1)
        assert ([i["person"] for i in found.items], found.has_more, found.total) == ([number], number < 4, 4)


@pytest.mark.parametrize(
    ("search", "people"), [("ADA", [1]), ("x.test", [1, 2]), ("u3", [3]), ("0190", [4]), ("dee", [4]), ("pro", [])]
)
def test_search_looks_in_ids_and_names(shop: Shop, search: str, people: list[int]) -> None:
    found = listed(shop, search=search)
    assert [i["person"] for i in found.items] == people
    assert found.total == len(people)


def test_merged_people_are_one_with_the_ids_of_both(shop: Shop) -> None:
    shop.merge(4, into=1)
    found = listed(shop, merged=True)
    assert [i["person"] for i in found.items] == [1, 2, 3]
    # What a device called itself comes last.
    assert found.items[0]["distinct_ids"] == ["u1", PROFILES[3][1]]
    assert [i["person"] for i in listed(shop, merged=True, search="0190").items] == [1]


def test_nobody_is_a_page_too(engine: Store, event_store: LocalStore, project_id: int) -> None:
    assert listed(Shop(engine, event_store, project_id)) == Listed([], 0, False)


def test_repeated_people_count_once(shop: Shop) -> None:
    shop.add_all({"event": "a", "timestamp": "2026-01-01 10:00:00", "person": n} for n in (2, 2, 3))
    draft = Draft(Scope(shop.project_id, "UTC", "monday", NOW))
    sql = f"SELECT {draft.person} AS __person FROM {EVENTS} WHERE {ROW}.project_id = {draft.project}"
    found = asyncio.run(list_people(People(draft, sql, "x"), PeoplePage(), ask_of(shop)))
    assert ([i["person"] for i in found.items], found.total) == ([2, 3], 2)


def test_a_person_is_called_by_the_best_name_there_is() -> None:
    assert name_of({"email": "e", "name": ""}, ["d"], 1) == "e"
    assert name_of({}, ["d"], 1) == "d"
    assert name_of({"name": 7}, [], 1) == "7"
    assert name_of({}, [], 1) == "Person 1"
