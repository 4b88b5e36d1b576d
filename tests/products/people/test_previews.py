"""Whom a rule means before it is kept."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from northing.products.people.models import Cohort
from tests.products.people.test_cohorts import BOUGHT, COHORTS, PRO, listed, make, shop
from tests.support.people import Shop, World

__all__ = ["shop"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite only: nothing of this is kept in the metadata."""
    return sqlite_url


def preview(client: TestClient, definition: Any, status: int = 200, **more: Any) -> Any:
    answer = client.post(f"{COHORTS}/preview", json={"definition": definition, **more})
    assert answer.status_code == status, answer.text
    return answer.json()


def numbers(found: Any) -> list[int]:
    return [item["person"] for item in found["items"]]


def test_a_viewer_sees_how_many_and_who(vera: TestClient, shop: Shop) -> None:
    found = preview(vera, {"or": [PRO, BOUGHT]})
    assert (numbers(found), found["total"], found["next_cursor"], found["warnings"]) == ([1, 2, 3], 3, None, [])
    assert found["items"][0]["properties"] == {"plan": "pro"}
    assert found["definition"].startswith("People who have a profile that meets a condition or did purchase")
    assert found["elapsed_ms"] > 0


def test_it_is_what_the_cohort_holds_afterwards(bob: TestClient, shop: Shop) -> None:
    shop.merge(2, into=3)
    rule = {"and": [{"not": PRO}, BOUGHT]}
    found = preview(bob, rule)
    made = make(bob, definition=rule)
    assert (numbers(found), found["total"]) == (shop.members(made["id"]), made["size"])


def test_examples_come_in_pages(vera: TestClient, shop: Shop) -> None:
    first = preview(vera, {"or": [PRO, BOUGHT]}, limit=2)
    second = preview(vera, {"or": [PRO, BOUGHT]}, limit=2, cursor=first["next_cursor"])
    assert (numbers(first), numbers(second), second["next_cursor"]) == ([1, 2], [3], None)


def test_nothing_is_kept(world: World, alice: TestClient, shop: Shop) -> None:
    preview(alice, PRO)
    assert listed(alice) == []
    assert not [e for e in alice.get("/api/v1/audit").json()["items"] if e["action"].startswith("cohort")]
    with world.database.read() as session:
        assert session.scalars(select(Cohort)).all() == []


@pytest.mark.parametrize(
    ("definition", "path"),
    [
        ({"and": [PRO, {"type": "wish"}]}, "definition.and.1.type"),
        ({"type": "stopped", "event": "a", "days": 9, "before_days": 3}, "definition.before_days"),
        ({"type": "cohort", "value": 4_000_000}, "definition"),
        ({}, "definition"),
    ],
)
def test_what_is_wrong_is_named(vera: TestClient, shop: Shop, definition: Any, path: str) -> None:
    assert [error["path"] for error in preview(vera, definition, 422)["errors"]] == [path]


def test_a_cohort_is_not_made_of_itself(bob: TestClient, shop: Shop) -> None:
    made = make(bob, definition=PRO)["id"]
    of_it = {"type": "cohort", "value": made}
    assert preview(bob, of_it)["total"] == 2
    assert "circle" in preview(bob, of_it, 422, cohort=made)["detail"]


def test_a_field_that_nobody_reads_is_a_warning(vera: TestClient, shop: Shop) -> None:
    assert "definition.dayz" in preview(vera, {"type": "behaviour", "event": "purchase", "dayz": 3})["warnings"][0]


def test_charlie_sees_his_own_people_only(world: World, charlie: TestClient, shop: Shop) -> None:
    assert preview(charlie, {"not": PRO})["total"] == 0
    path = f"/api/v1/projects/{world.acme_id}/cohorts/preview"
    assert charlie.post(path, json={"definition": PRO}).status_code == 404


def test_it_takes_the_scope_for_queries(world: World, shop: Shop) -> None:
    assert preview(world.bearer(world.key("query:read", project_id=world.acme_id)), PRO)["total"] == 2
    preview(world.bearer(world.key("events:read", project_id=world.acme_id)), PRO, 403)
