"""Queries, live events and the catalogue over HTTP, as the people of the named world."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.data.query.world import World as Events
from tests.products.analytics.conftest import add_pageviews
from tests.support.people import World

TRENDS = {"kind": "trends", "series": [{"event": "$pageview"}]}


@pytest.fixture
def vera(world: World) -> TestClient:
    """A viewer of Acme."""
    return world.client("vera")


def items(client: TestClient, path: str, **params: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1{path}", params=params)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_a_viewer_asks_and_gets_an_answer(vera: TestClient, acme: Events) -> None:
    add_pageviews(acme, 3)
    answer = vera.post("/api/v1/query", json=TRENDS)
    assert answer.status_code == 200
    assert answer.json()["result"]["series"][0]["total"] == 3
    again = vera.post(f"/api/v1/projects/{acme.project_id}/query", json=TRENDS).json()
    assert again["cached"] is True
    assert again["cached_at"] == "2026-03-01T12:00:00Z"


def test_charlie_sees_nothing_of_acme(world: World, acme: Events) -> None:
    add_pageviews(acme, 3)
    charlie = world.client("charlie")
    for path in ("/query", "/events", "/catalogue/events", "/catalogue/properties", "/catalogue/values?property=path"):
        method = charlie.post if path == "/query" else charlie.get
        assert method(f"/api/v1/projects/{acme.project_id}{path}").status_code in (404, 422)
    assert charlie.post(f"/api/v1/projects/{acme.project_id}/query", json=TRENDS).status_code == 404
    assert charlie.post("/api/v1/query", json=TRENDS).json()["result"]["series"][0]["total"] == 0
    assert items(charlie, "/events") == []


def test_keys_need_the_scope(world: World, acme: Events) -> None:
    ingest = world.bearer(world.key("ingest:write", project_id=acme.project_id))
    assert ingest.post("/api/v1/query", json=TRENDS).status_code == 403
    assert ingest.get("/api/v1/events").status_code == 403
    assert world.anonymous().post("/api/v1/query", json=TRENDS).status_code == 401
    reader = world.bearer(world.key("query:read", project_id=acme.project_id))
    assert reader.post("/api/v1/query", json=TRENDS).status_code == 200


def test_faults_name_their_fields(vera: TestClient) -> None:
    answer = vera.post("/api/v1/query", json={"kind": "trends", "interval": "era"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert {error["path"] for error in answer.json()["errors"]} == {"series", "interval"}


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'"x"', b'{"kind": 1e999}', b"\xff"])
def test_bodies_that_are_no_query(vera: TestClient, body: bytes) -> None:
    answer = vera.post("/api/v1/query", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    "body",
    [
        b'{"kind": "top_events", "\\ud800": 1}',
        b'{"kind": "sql", "sql": "SELECT 1", "params": {"\\ud800": "\\udfff"}}',
        b'{"kind": "top_events", "x": ' + b"[" * 400 + b"]" * 400 + b"}",
    ],
)
def test_odd_bodies_are_answered_with_a_warning(vera: TestClient, acme: Events, body: bytes) -> None:
    answer = vera.post("/api/v1/query", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 200
    assert len(answer.json()["warnings"]) == 1


def test_user_sql_sees_one_project(vera: TestClient, acme: Events, rival: Events) -> None:
    add_pageviews(acme, 2)
    add_pageviews(rival, 5)
    answer = vera.post("/api/v1/query", json={"kind": "sql", "sql": "SELECT count() AS n FROM events"}).json()
    assert answer["result"] == {"columns": [{"name": "n", "type": "UInt64"}], "rows": [[2]]}


def test_live_events_come_newest_first_in_pages(vera: TestClient, acme: Events) -> None:
    add_pageviews(acme, 7)
    acme.add("old", "2026-02-01 10:00:00", 1)
    seen, cursor = [], None
    while True:
        page = vera.get("/api/v1/events", params={"limit": 3, **({"cursor": cursor} if cursor else {})}).json()
        seen += [item["path"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [*(f"/{i}" for i in range(7)), ""]


def test_a_live_event_has_its_fields(vera: TestClient, acme: Events) -> None:
    add_pageviews(acme, 1, properties={"plan": "pro"}, browser="Firefox")
    (item,) = items(vera, "/events")
    assert item["timestamp"] == "2026-03-01T11:59:59.000Z"
    assert (item["browser"], item["properties"], item["person"]) == ("Firefox", {"plan": "pro"}, 0)


def test_live_events_at_the_same_moment_are_each_seen_once(vera: TestClient, acme: Events) -> None:
    acme.add_all({"event": "tie", "timestamp": "2026-03-01 11:00:00", "person": i} for i in range(9))
    first = vera.get("/api/v1/events", params={"limit": 5}).json()
    second = vera.get("/api/v1/events", params={"limit": 5, "cursor": first["next_cursor"]}).json()
    people = [item["person"] for item in (*first["items"], *second["items"])]
    assert sorted(people) == list(range(9))
    assert second["next_cursor"] is None


def test_live_events_can_be_narrowed(vera: TestClient, acme: Events) -> None:
    add_pageviews(acme, 3)
    acme.add("click", "2026-03-01 11:00:00", 9, distinct_id="d9")
    assert [item["event"] for item in items(vera, "/events", event="click")] == ["click"]
    assert [item["path"] for item in items(vera, "/events", distinct_id="d1")] == ["/1"]
    assert len(items(vera, "/events", after="2026-03-01T11:59:57Z")) == 2


@pytest.mark.parametrize(
    "params", [{"cursor": "x"}, {"limit": 0}, {"after": "soon"}, {"event": "a\0"}, {"cursor": "WzEsImEiXQ"}]
)
def test_live_questions_that_cannot_be(vera: TestClient, acme: Events, params: dict[str, Any]) -> None:
    assert vera.get("/api/v1/events", params=params).status_code == 422


def test_catalogue_of_events(vera: TestClient, acme: Events) -> None:
    add_pageviews(acme, 3)
    acme.add("click", "2026-03-01 11:00:00", 1)
    acme.add("ancient", "2025-03-01 11:00:00", 1)
    found = items(vera, "/catalogue/events")
    assert [(item["event"], item["count"], item["users"]) for item in found] == [("$pageview", 3, 3), ("click", 1, 1)]
    assert found[0]["last_seen"] == "2026-03-01T11:59:59.000Z"
    assert [item["event"] for item in items(vera, "/catalogue/events", search="CLI")] == ["click"]


def test_catalogue_of_properties(vera: TestClient, acme: Events) -> None:
    add_pageviews(acme, 2, properties={"plan": "pro", "n": 5})
    acme.add("click", "2026-03-01 11:00:00", 1, properties={"n": "five"})
    acme.add_person(1, tier="gold")
    found = {(item["type"], item["name"]): item for item in items(vera, "/catalogue/properties")}
    assert found["event", "n"]["types"] == ["Int64", "String"]
    assert found["event", "$pathname"]["column"] is True
    assert found["person", "tier"]["types"] == ["String"]
    assert ("event", "$browser") not in found
    assert ("event", "plan") not in {
        (i["type"], i["name"]) for i in items(vera, "/catalogue/properties", event="click")
    }


def test_catalogue_of_values(vera: TestClient, acme: Events) -> None:
    for plan in ("pro", "pro", "free"):
        acme.add("a", "2026-03-01 11:00:00", 1, properties={"plan": plan})
    acme.add_person(1, tier="gold")
    assert items(vera, "/catalogue/values", property="plan") == [
        {"value": "pro", "count": 2},
        {"value": "free", "count": 1},
    ]
    assert items(vera, "/catalogue/values", property="plan", search="FR", event="a") == [{"value": "free", "count": 1}]
    assert items(vera, "/catalogue/values", property="tier", type="person") == [{"value": "gold", "count": 1}]
    assert vera.get("/api/v1/catalogue/values").status_code == 422


def test_an_empty_project_has_an_empty_catalogue(vera: TestClient, acme: Events) -> None:
    for path in ("/events", "/catalogue/events", "/catalogue/properties"):
        assert items(vera, path) == []
