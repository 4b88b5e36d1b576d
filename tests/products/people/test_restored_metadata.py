"""Older metadata beside a store that went on: numbers and generations that were used before."""

from __future__ import annotations

from sqlalchemy import delete, select, text
from starlette.testclient import TestClient

from northing.products.people.models import Cohort
from tests.products.people.test_cohorts import BOUGHT, COHORTS, PRO, make, people, shop
from tests.support.people import Shop, World

__all__ = ["shop"]
SEQUENCES = {
    True: "UPDATE sqlite_sequence SET seq = :last WHERE name = 'cohorts'",
    False: "SELECT setval(pg_get_serial_sequence('cohorts', 'id'), :last, false)",
}


def forget(world: World, cohort: int) -> None:
    """As if the metadata were from before the cohort: its row is gone, and its number is the next one."""
    with world.database.transaction() as session:
        session.execute(delete(Cohort).where(Cohort.id == cohort))
        last = cohort - 1 if world.database.is_sqlite else cohort
        session.execute(text(SEQUENCES[world.database.is_sqlite]), {"last": last})


def calculate_often(client: TestClient, cohort: int) -> None:
    for _ in range(3):
        assert client.post(f"{COHORTS}/{cohort}/calculation").status_code == 200


def test_a_number_that_was_used_before_brings_nobody_along(world: World, bob: TestClient, shop: Shop) -> None:
    used = make(bob, definition=PRO)["id"]
    calculate_often(bob, used)
    forget(world, used)
    made = make(bob, "Buyers", definition=BOUGHT)
    assert (made["id"], made["size"], people(bob, used)) == (used, 2, [1, 3])


def test_nor_to_a_rule_that_cannot_be_worked_out(world: World, bob: TestClient, shop: Shop) -> None:
    used = make(bob, definition=PRO)["id"]
    forget(world, used)
    wrong = {**BOUGHT, "filters": [{"type": "sql", "value": "toDateTime(distinct_id) > now()"}]}
    made = make(bob, "Wrong", definition=wrong)
    assert (made["id"], made["size"], people(bob, used), shop.members(used)) == (used, None, [], [])


def test_a_cohort_of_older_metadata_is_worked_out_past_what_is_stored(
    world: World, bob: TestClient, shop: Shop
) -> None:
    made = make(bob, definition=PRO)["id"]
    calculate_often(bob, made)
    with world.database.transaction() as session:
        session.scalars(select(Cohort).where(Cohort.id == made)).one().generation = 1
    shop.add_people([(5, "d5", {"plan": "pro"})])
    assert bob.post(f"{COHORTS}/{made}/calculation").json()["size"] == 3
    assert people(bob, made) == [1, 2, 5]
