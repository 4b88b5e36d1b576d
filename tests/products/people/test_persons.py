"""Persons and groups over HTTP: lists, one person, what they did."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from northing.server.db import Database
from northing.server.http.paging import encode_cursor
from tests.support.people import Shop, World

PERSONS = "/api/v1/persons"
GROUPS = "/api/v1/groups"


@pytest.fixture
def database(sqlite_url: str) -> Any:
    """SQLite only: nothing of this is kept in the metadata but names of cohorts."""
    opened = Database(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def shop(acme: Shop) -> Shop:
    """Ada was here today, Bo a week ago, number three in the autumn; the fourth never did anything."""
    acme.add_people(
        [
            (1, "d1", {"name": "Ada", "plan": "pro"}),
            (2, "d2", {"email": "bo@x.test", "plan": "free"}),
            (3, "d3", None),
            (4, "d4", {"plan": "pro"}),
        ]
    )
    for person, at in ((1, "2026-03-01 09:00:00"), (1, "2026-01-01 09:00:00"), (2, "2026-02-22 09:00:00")):
        acme.add("$pageview", at, person, distinct_id=f"d{person}", path="/a")
    acme.add("signup", "2025-10-01 09:00:00", 3, distinct_id="d3", session=7, groups={"company": "acme/1"})
    return acme


def page(client: TestClient, path: str = PERSONS, **params: Any) -> Any:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def numbers(client: TestClient, **params: Any) -> list[int]:
    return [item["person"] for item in page(client, **params)["items"]]


def test_who_was_active_last_comes_first(vera: TestClient, shop: Shop) -> None:
    found = page(vera)
    assert [(i["person"], i["name"], i["last_seen"]) for i in found["items"]] == [
        (1, "Ada", "2026-03-01T09:00:00Z"),
        (2, "bo@x.test", "2026-02-22T09:00:00Z"),
        (3, "d3", "2025-10-01T09:00:00Z"),
    ]
    assert (found["total"], found["next_cursor"]) == (4, None)
    assert numbers(vera, order="number") == [1, 2, 3, 4]


@pytest.mark.parametrize(("order", "expected"), [("activity", [1, 2, 3]), ("number", [1, 2, 3, 4])])
def test_pages_follow_each_other(vera: TestClient, shop: Shop, order: str, expected: list[int]) -> None:
    seen: list[int] = []
    cursor = None
    while True:
        found = page(vera, limit=1, order=order, **({"cursor": cursor} if cursor else {}))
        seen += [item["person"] for item in found["items"]]
        cursor = found["next_cursor"]
        if cursor is None:
            break
    assert seen == expected


def test_ties_of_activity_are_each_seen_once(vera: TestClient, acme: Shop) -> None:
    acme.add_people([(n, f"d{n}", None) for n in range(1, 6)])
    acme.add_all({"event": "a", "timestamp": "2026-03-01 09:00:00", "person": n} for n in range(1, 6))
    first = page(vera, limit=3)
    assert [item["person"] for item in first["items"]] == [5, 4, 3]
    assert numbers(vera, limit=3, cursor=first["next_cursor"]) == [2, 1]


def test_lists_can_be_narrowed(vera: TestClient, bob: TestClient, shop: Shop) -> None:
    assert numbers(vera, search="bo@") == [2]
    assert numbers(vera, property="plan", value="pro") == [1]
    assert numbers(vera, property="plan", value="pro", order="number") == [1, 4]
    assert numbers(vera, property="plan", operator="is_not_set") == [3]
    assert numbers(vera, property="plan", value=["free", "pro"]) == [1, 2]
    made = bob.post("/api/v1/cohorts", json={"name": "x", "kind": "static", "distinct_ids": ["d2", "d3"]}).json()["id"]
    assert numbers(vera, cohort=made) == [2, 3]
    assert numbers(vera, cohort=made, property="plan", value="free", search="bo") == [2]
    assert page(vera, cohort=made, order="number")["total"] == 2


def test_a_person_is_found_by_their_id(vera: TestClient, shop: Shop) -> None:
    assert numbers(vera, distinct_id="d2") == [2]
    assert numbers(vera, distinct_id="d9") == []
    shop.merge(2, into=1)
    assert numbers(vera, distinct_id="d2") == [1]


def test_all_that_is_known_of_a_person(vera: TestClient, bob: TestClient, shop: Shop) -> None:
    made = bob.post("/api/v1/cohorts", json={"name": "Some", "kind": "static", "distinct_ids": ["d3"]}).json()["id"]
    page(vera, "/api/v1/segments")
    person = page(vera, f"{PERSONS}/3")
    assert (person["name"], person["distinct_ids"], person["properties"]) == ("d3", ["d3"], {})
    assert (person["first_seen"], person["last_seen"]) == ("2025-10-01T09:00:00Z", "2025-10-01T09:00:00Z")
    assert (person["events"], person["sessions"], person["merges"]) == (1, 1, [])
    assert person["groups"] == [{"type": "company", "key": "acme/1"}]
    assert person["cohorts"] == [
        {"id": made, "name": "Some", "is_segment": False},
        {"id": 2_000_000_004, "name": "At risk", "is_segment": True},
    ]


def test_someone_who_never_did_anything(vera: TestClient, shop: Shop) -> None:
    person = page(vera, f"{PERSONS}/4")
    assert (person["events"], person["sessions"], person["first_seen"], person["groups"]) == (0, 0, None, [])
    assert page(vera, f"{PERSONS}/4/events") == {"items": [], "next_cursor": None}


def test_a_merged_person_is_one_with_the_other(vera: TestClient, shop: Shop) -> None:
    shop.merge(3, into=1)
    for number in (1, 3):
        person = page(vera, f"{PERSONS}/{number}")
        assert (person["person"], person["name"], person["events"]) == (1, "Ada", 3)
        assert person["distinct_ids"] == ["d1", "d3"]
        assert [(m["person"], m["into"], m["distinct_id"]) for m in person["merges"]] == [(3, 1, "d3")]
        events = page(vera, f"{PERSONS}/{number}/events")["items"]
        assert [event["event"] for event in events] == ["$pageview", "$pageview", "signup"]
    assert numbers(vera) == [1, 2]


def test_what_a_person_did_newest_first_in_pages(vera: TestClient, shop: Shop) -> None:
    first = page(vera, f"{PERSONS}/1/events", limit=1)
    (event,) = first["items"]
    assert (event["timestamp"], event["path"], event["distinct_id"]) == ("2026-03-01T09:00:00Z", "/a", "d1")
    second = page(vera, f"{PERSONS}/1/events", limit=1, cursor=first["next_cursor"])
    assert [event["timestamp"] for event in second["items"]] == ["2026-01-01T09:00:00Z"]
    assert second["next_cursor"] is None
    assert page(vera, f"{PERSONS}/3/events")["items"][0]["groups"] == {"company": "acme/1"}


def test_sessions_newest_first_in_pages(vera: TestClient, shop: Shop) -> None:
    for number, hour in ((1, "08"), (2, "09")):
        row = {
            "project_id": shop.project_id, "session": 2**63 + number, "session_id": f"s{number}", "person": 1,
            "start": f"2026-03-01 {hour}:00:00", "end": f"2026-03-01 {hour}:00:05", "pageviews": 1, "version": 1,
            "entry_path": "/a",
        }  # fmt: skip
        shop._insert("sessions", [row])
    first = page(vera, f"{PERSONS}/1/sessions", limit=1)
    (session,) = first["items"]
    assert (session["session_id"], session["duration"], session["is_bounce"]) == ("s2", 5, True)
    second = page(vera, f"{PERSONS}/1/sessions", limit=1, cursor=first["next_cursor"])
    assert ([s["session_id"] for s in second["items"]], second["next_cursor"]) == (["s1"], None)
    assert page(vera, f"{PERSONS}/2/sessions")["items"] == []


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        (f"{PERSONS}/1/sessions", (1, "abc")),
        (f"{PERSONS}/1/sessions", (1, "9" * 30)),
        (f"{PERSONS}/1/events", (1, "\ud800")),
        (PERSONS, (1, 10**30)),
        (GROUPS, ("\ud800", "key")),
        (GROUPS, ("type", "\0")),
        ("/api/v1/cohorts", ("name", 10**30)),
        ("/api/v1/cohorts", ("\ud800", 1)),
    ],
)
def test_cursors_of_other_servers_are_refused(vera: TestClient, shop: Shop, path: str, parts: Any) -> None:
    assert vera.get(path, params={"cursor": encode_cursor(*parts)}).status_code == 422


def test_groups_and_what_is_known_of_them(vera: TestClient, shop: Shop) -> None:
    for key, name in (("acme/1", "Acme"), ("beta", "Beta")):
        row = {
            "project_id": shop.project_id, "type": "company", "key": key, "created_at": "2026-01-01 00:00:00",
            "properties": {"name": name}, "version": 1,
        }  # fmt: skip
        shop._insert("groups", [row])
    first = page(vera, GROUPS, limit=1)
    assert [(g["key"], g["properties"]) for g in first["items"]] == [("acme/1", {"name": "Acme"})]
    assert [g["key"] for g in page(vera, GROUPS, cursor=first["next_cursor"])["items"]] == ["beta"]
    assert [g["key"] for g in page(vera, GROUPS, search="bet", type="company")["items"]] == ["beta"]
    assert page(vera, GROUPS, type="team")["items"] == []
    group = page(vera, f"{GROUPS}/company/acme/1")
    assert (group["people"], group["events"], group["first_seen"]) == (1, 1, "2025-10-01T09:00:00Z")
    assert page(vera, f"{GROUPS}/company/beta")["people"] == 0
    assert vera.get(f"{GROUPS}/company/gamma").status_code == 404


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        (f"{PERSONS}/99", {}, 404),
        (f"{PERSONS}/99/events", {}, 404),
        (f"{PERSONS}/99/sessions", {}, 404),
        (f"{PERSONS}/x", {}, 422),
        (f"{PERSONS}/4294967296", {}, 422),
        (PERSONS, {"cursor": "x"}, 422),
        (PERSONS, {"cursor": "WzEsMl0", "order": "number"}, 422),
        (PERSONS, {"order": "size"}, 422),
        (PERSONS, {"property": "plan", "operator": "almost", "value": "x"}, 422),
        (PERSONS, {"property": "plan"}, 422),
        (PERSONS, {"operator": "gt", "value": "3"}, 422),
        (PERSONS, {"value": "pro"}, 422),
        (PERSONS, {"search": "a\0"}, 422),
        (GROUPS, {"cursor": "WzEsMl0"}, 422),
    ],
)
def test_questions_that_cannot_be(vera: TestClient, shop: Shop, path: str, params: Any, status: int) -> None:
    assert vera.get(path, params=params).status_code == status


def test_charlie_sees_nothing_of_acme(world: World, charlie: TestClient, shop: Shop, rival: Shop) -> None:
    shop._insert("groups", [{"project_id": shop.project_id, "type": "company", "key": "x", "version": 1}])
    assert (page(charlie)["items"], page(charlie)["total"], numbers(charlie, distinct_id="d1")) == ([], 0, [])
    assert page(charlie, GROUPS)["items"] == []
    for path in ("/persons/1", "/persons/1/events", "/persons/1/sessions", "/groups/company/acme/1"):
        assert charlie.get(f"/api/v1{path}").status_code == 404, path
        assert charlie.get(f"/api/v1/projects/{world.acme_id}{path}").status_code == 404, path
    assert charlie.get(f"/api/v1/projects/{world.acme_id}/persons").status_code == 404


def test_keys_need_the_scopes(world: World, shop: Shop) -> None:
    reader = world.bearer(world.key("query:read", project_id=world.acme_id))
    assert (reader.get(PERSONS).status_code, reader.get(f"{PERSONS}/1").status_code) == (200, 200)
    assert reader.get(f"{PERSONS}/1/events").status_code == 403
    ingest = world.bearer(world.key("ingest:write", project_id=world.acme_id))
    for path in (PERSONS, f"{PERSONS}/1", GROUPS, f"{GROUPS}/company/acme/1"):
        assert ingest.get(path).status_code == 403
        assert world.anonymous().get(path).status_code == 401
