"""The schedule: what it works out, in which order, and what it clears away."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.testclient import TestClient

from northing.data.store import LocalStore
from northing.products.people.jobs import keep_cohorts, keep_cohorts_for_ever
from tests.products.people.test_cohorts import BOUGHT, COHORTS, PRO, make, people
from tests.support.people import Shop, World


@pytest.fixture
def shop(acme: Shop) -> Shop:
    """Two people on pro, one of whom has bought something."""
    acme.add_people([(n, f"d{n}", {"plan": "pro"}) for n in (1, 2)])
    acme.add("purchase", "2026-02-27 10:00:00", 1, distinct_id="d1")
    return acme


def run(world: World, store: LocalStore) -> int:
    world.clock.pass_by(minutes=20)
    return asyncio.run(keep_cohorts(store, world.database, now=world.clock()))


def found(client: TestClient, cohort: int) -> Any:
    return client.get(f"{COHORTS}/{cohort}").json()


def test_dynamic_cohorts_follow_what_happens(
    world: World, bob: TestClient, shop: Shop, event_store: LocalStore
) -> None:
    made, fixed = make(bob, definition=BOUGHT)["id"], make(bob, "Fixed", distinct_ids=["d1"])["id"]
    shop.add("purchase", "2026-02-27 10:00:00", 2)
    assert run(world, event_store) == 1
    assert (people(bob, made), people(bob, fixed)) == ([1, 2], [1])
    assert (found(bob, made)["size"], found(bob, made)["calculated_at"]) == (2, "2026-03-01T12:20:00Z")


def test_a_cohort_comes_after_those_it_is_made_of(
    world: World, bob: TestClient, shop: Shop, event_store: LocalStore
) -> None:
    inner = make(bob, "Inner", definition=PRO)["id"]
    outer = make(bob, "Outer", definition={"not": {"type": "cohort", "value": inner}})["id"]
    later = make(bob, "Later", definition=BOUGHT)["id"]
    bob.patch(f"{COHORTS}/{inner}", json={"definition": {"type": "cohort", "value": later}})
    shop.add("purchase", "2026-02-27 10:00:00", 2)
    assert people(bob, outer) == []
    assert run(world, event_store) == 3
    assert (people(bob, inner), people(bob, outer)) == ([1, 2], [])


def test_one_that_fails_shows_why_and_the_others_go_on(
    world: World, bob: TestClient, shop: Shop, event_store: LocalStore
) -> None:
    wrong = {**BOUGHT, "filters": [{"type": "sql", "value": "toDateTime(distinct_id) > now()"}]}
    broken, fine = make(bob, "Broken", definition=wrong)["id"], make(bob, "Fine", definition=PRO)["id"]
    assert run(world, event_store) == 1
    assert found(bob, broken)["error"]
    assert found(bob, fine)["calculated_at"] == "2026-03-01T12:20:00Z"


def test_what_was_worked_out_just_now_is_left_alone(
    world: World, bob: TestClient, shop: Shop, event_store: LocalStore
) -> None:
    make(bob, definition=PRO)
    assert asyncio.run(keep_cohorts(event_store, world.database, now=world.clock())) == 0


def test_members_of_cohorts_that_are_gone_are_cleared_away(
    world: World, alice: TestClient, shop: Shop, event_store: LocalStore
) -> None:
    kept, left = make(alice, definition=PRO)["id"], 3_999_999
    row = {"project_id": shop.project_id, "cohort": left, "version": 1}
    shop._insert("cohorts", [row])
    assert shop.engine.query("SELECT count() FROM cohorts WHERE cohort = 3999999").rows == [[1]]
    run(world, event_store)
    assert shop.engine.query("SELECT count() FROM cohorts WHERE cohort = 3999999").rows == [[0]]
    assert sorted(shop.members(kept)) == [1, 2]
    assert alice.delete(f"/api/v1/projects/{world.acme_id}").status_code == 204
    run(world, event_store)
    assert shop.members(kept) == []


def test_segments_are_kept_where_somebody_looked_at_them(
    world: World, bob: TestClient, shop: Shop, event_store: LocalStore
) -> None:
    run(world, event_store)
    assert shop.members(2_000_000_003) == []
    before = bob.get("/api/v1/segments").json()["calculated_at"]
    shop.add("purchase", "2026-02-01 10:00:00", 2)
    run(world, event_store)
    assert bob.get("/api/v1/segments").json()["calculated_at"] > before
    assert shop.members(2_000_000_004) == [2]


def test_the_loop_ends_when_it_is_told_to(world: World, event_store: LocalStore) -> None:
    async def begin_and_end() -> None:
        loop = asyncio.create_task(keep_cohorts_for_ever(event_store, world.database))
        await asyncio.sleep(0)
        loop.cancel()
        await asyncio.wait({loop}, timeout=30)
        assert loop.cancelled()

    asyncio.run(begin_and_end())
