"""What people and groups did over HTTP: narrowed by name and period, page by page."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.people import Shop, World

EVENTS = "/api/v1/persons/1/events"
ACME = {"type": "company", "key": "acme/people"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite only: nothing of this is kept in the metadata."""
    return sqlite_url


@pytest.fixture
def shop(acme: Shop) -> Shop:
    """Ada looks around in the winter and buys today; Bo of the same company looked yesterday, Cy of none does."""
    acme.add_people([(1, "ada", {"name": "Ada"}), (2, "bo", {"name": "Bo"}), (3, "cy", {"name": "Cy"})])
    group = {"groups": {"company": "acme/people"}}
    for at in ("2025-10-01 09:00:00", "2026-01-01 09:00:00"):
        acme.add("$pageview", at, 1, distinct_id="ada", **group)
    acme.add("purchase", "2026-03-01 09:00:00", 1, distinct_id="ada")
    acme.add("$pageview", "2026-02-28 09:00:00", 2, distinct_id="bo", **group)
    acme.add("$pageview", "2026-02-28 09:00:00", 3, distinct_id="cy")
    return acme


def page(client: TestClient, path: str, **params: Any) -> Any:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def days(client: TestClient, path: str = EVENTS, **params: Any) -> list[str]:
    """The day of each event of every page."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        one = page(client, path, limit=2, **params, **({"cursor": cursor} if cursor else {}))
        found += [item["timestamp"][:10] for item in one["items"]]
        cursor = one["next_cursor"]
        if cursor is None:
            return found


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({}, ["2026-03-01", "2026-01-01", "2025-10-01"]),
        ({"event": "purchase"}, ["2026-03-01"]),
        ({"event": ["purchase", "$pageview"]}, ["2026-03-01", "2026-01-01", "2025-10-01"]),
        ({"event": "nothing"}, []),
        ({"date_from": "-60d"}, ["2026-03-01", "2026-01-01"]),
        ({"date_to": "2026-01-01"}, ["2026-01-01", "2025-10-01"]),
        ({"date_from": "2025-12-01", "date_to": "2026-01-31", "event": "$pageview"}, ["2026-01-01"]),
        ({"date_from": "all", "date_to": "2025-10-01T08:59:59Z"}, []),
    ],
)
def test_events_of_a_name_and_a_period(
    vera: TestClient, shop: Shop, narrowed: dict[str, Any], expected: list[str]
) -> None:
    assert days(vera, **narrowed) == expected


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"date_from": "tomorrow"}, "date_from"),
        ({"date_from": "2026-02-01", "date_to": "2026-01-01"}, "date_from"),
        ({"date_to": "2026-13-01"}, "date_to"),
        ({"event": "a\0b"}, "event"),
    ],
)
def test_what_cannot_be_read_is_named(vera: TestClient, shop: Shop, given: dict[str, Any], path: str) -> None:
    answer = vera.get(EVENTS, params=given)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, path)


def test_events_follow_a_merge(vera: TestClient, shop: Shop) -> None:
    shop.merge(2, into=1)
    assert days(vera, event="$pageview") == ["2026-02-28", "2026-01-01", "2025-10-01"]


def test_the_people_of_a_group_and_what_they_did_there(vera: TestClient, shop: Shop) -> None:
    found = page(vera, "/api/v1/groups/people", **ACME)
    assert [(i["name"], i["last_seen"]) for i in found["items"]] == [
        ("Ada", "2026-03-01T09:00:00Z"),
        ("Bo", "2026-02-28T09:00:00Z"),
    ]
    assert (found["total"], found["next_cursor"]) == (2, None)
    first = page(vera, "/api/v1/groups/people", **ACME, limit=1)
    second = page(vera, "/api/v1/groups/people", **ACME, limit=1, cursor=first["next_cursor"])
    assert [i["name"] for i in (*first["items"], *second["items"])] == ["Ada", "Bo"]
    assert [i["name"] for i in page(vera, "/api/v1/groups/people", **ACME, search="BO")["items"]] == ["Bo"]
    assert days(vera, "/api/v1/groups/events", **ACME) == ["2026-02-28", "2026-01-01", "2025-10-01"]
    assert days(vera, "/api/v1/groups/events", **ACME, date_from="2026-01-01", event="$pageview") == [
        "2026-02-28",
        "2026-01-01",
    ]


def test_a_group_that_nobody_is_in_is_empty_and_its_own_page_stays(vera: TestClient, shop: Shop) -> None:
    nobody = {"type": "company", "key": "other"}
    assert page(vera, "/api/v1/groups/people", **nobody) == {"items": [], "next_cursor": None, "total": 0}
    assert page(vera, "/api/v1/groups/events", **nobody) == {"items": [], "next_cursor": None}
    assert vera.get("/api/v1/groups/people", params={"type": "company"}).status_code == 422
    assert page(vera, "/api/v1/groups/company/acme/people")["people"] == 2


def test_charlie_sees_nothing_of_the_group(charlie: TestClient, shop: Shop) -> None:
    assert page(charlie, "/api/v1/groups/people", **ACME)["items"] == []
    assert page(charlie, "/api/v1/groups/events", **ACME)["items"] == []


def test_what_somebody_did_takes_the_scope_for_events(world: World, shop: Shop) -> None:
    client = world.bearer(world.key("query:read", project_id=world.acme_id))
    assert [client.get(path, params=ACME).status_code for path in (EVENTS, "/api/v1/groups/events")] == [403, 403]
    assert client.get("/api/v1/groups/people", params=ACME).status_code == 200
