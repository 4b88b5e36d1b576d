"""Who is behind a number of an answer, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from northing.server.db import Database
from tests.support.people import Shop, World

PEOPLE = "/api/v1/query/people"
RFM = {"kind": "rfm", "event": "purchase"}


@pytest.fixture
def database(sqlite_url: str) -> Any:
    """SQLite only: nothing of this is kept in the metadata."""
    opened = Database(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def shop(acme: Shop) -> Shop:
    """Three buyers, the third without a profile."""
    acme.add_people([(1, "d1", {"name": "Ada"}), (2, "d2", {"email": "bo@x.test"}), (3, "d3", None)])
    acme.add_all({"event": "purchase", "timestamp": "2026-02-27 10:00:00", "person": n} for n in (1, 2, 3, 3))
    return acme


def ask(client: TestClient, **body: Any) -> Any:
    answer = client.post(PEOPLE, json={"query": RFM, "point": {}, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_people_come_in_pages_with_the_total(vera: TestClient, shop: Shop) -> None:
    first = ask(vera, limit=2)
    assert [item["name"] for item in first["items"]] == ["Ada", "bo@x.test"]
    assert (first["total"], "purchase" in first["definition"]) == (3, True)
    second = ask(vera, limit=2, cursor=first["next_cursor"])
    assert ([item["name"] for item in second["items"]], second["next_cursor"]) == (["d3"], None)
    assert (second["items"][0]["properties"], second["items"][0]["created_at"]) == ({}, None)


def test_people_can_be_searched(vera: TestClient, shop: Shop) -> None:
    assert [item["person"] for item in ask(vera, search="BO@")["items"]] == [2]


def test_merged_people_are_one(vera: TestClient, shop: Shop) -> None:
    shop.merge(2, into=1)
    found = ask(vera)
    assert [(item["person"], item["distinct_ids"]) for item in found["items"]] == [(1, ["d1", "d2"]), (3, ["d3"])]


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({"query": {"kind": "rfm"}}, ["event"]),
        ({"query": RFM, "point": {"segmnt": "loyal"}}, ["point.segmnt"]),
        ({"query": {"kind": "wish"}}, ["kind"]),
        ({"query": RFM, "point": {"segment": "vip", "recency": 9}}, ["point.segment", "point.recency"]),
        ({"query": {"kind": "sql", "sql": "SELECT 1"}}, ["query.sql"]),
        ({"query": RFM, "cursor": "x"}, ["cursor"]),
        ({"query": RFM, "search": "a\0"}, ["search"]),
    ],
)
def test_faults_are_named(vera: TestClient, shop: Shop, body: dict[str, Any], paths: list[str]) -> None:
    answer = vera.post(PEOPLE, json=body)
    assert answer.status_code == 422, answer.text
    assert [error["path"] for error in answer.json()["errors"]] == paths


def test_each_sees_their_own_project_alone(world: World, charlie: TestClient, shop: Shop) -> None:
    assert ask(charlie)["total"] == 0
    path = f"/api/v1/projects/{world.acme_id}/query/people"
    assert charlie.post(path, json={"query": RFM, "point": {}}).status_code == 404
    assert world.anonymous().post(PEOPLE, json={"query": RFM, "point": {}}).status_code == 401
    writer = world.bearer(world.key("insights:write", project_id=world.acme_id))
    assert writer.post(PEOPLE, json={"query": RFM, "point": {}}).status_code == 403
