"""Notes at moments."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.products.insights.conftest import save
from tests.support.people import World

PATH = "/api/v1/annotations"


def note(client: TestClient, text: str, date: str, **more: Any) -> dict[str, Any]:
    answer = client.post(PATH, json={"text": text, "date": date, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def texts(client: TestClient, **params: Any) -> list[str]:
    answer = client.get(PATH, params=params)
    assert answer.status_code == 200, answer.text
    return [item["text"] for item in answer.json()["items"]]


def test_a_date_stays_a_date_and_a_moment_a_moment(bob: TestClient, alice: TestClient, world: World) -> None:
    alice.patch(f"/api/v1/projects/{world.acme_id}", json={"timezone": "Europe/Berlin"})
    day, moment = note(bob, "Release", "2026-02-01"), note(bob, "Outage", "2026-02-01T12:00:00Z")
    assert (day["date"], day["at"]) == ("2026-02-01", "2026-01-31T23:00:00Z")
    assert (moment["date"], moment["at"]) == ("2026-02-01T13:00:00+01:00", "2026-02-01T12:00:00Z")
    assert (day["scope"], day["insight_id"], day["owner"]["name"]) == ("project", None, "Bob")


def test_a_range_takes_whole_days(vera: TestClient, bob: TestClient) -> None:
    for day in ("2026-01-31", "2026-02-01T23:59:00Z", "2026-02-02"):
        note(bob, day, day)
    assert texts(vera) == ["2026-01-31", "2026-02-01T23:59:00Z", "2026-02-02"]
    assert texts(vera, **{"from": "2026-02-01", "to": "2026-02-01"}) == ["2026-02-01T23:59:00Z"]
    assert texts(vera, **{"from": "-29d"}) == ["2026-01-31", "2026-02-01T23:59:00Z", "2026-02-02"]
    assert vera.get(PATH, params={"from": "soon"}).status_code == 422


def test_pages_lead_through_all(bob: TestClient) -> None:
    for i in range(3):
        note(bob, f"n{i}", "2026-02-01")
    page = bob.get(PATH, params={"limit": 2}).json()
    assert texts(bob, cursor=page["next_cursor"]) == ["n2"]


def test_those_of_an_insight_come_with_those_of_the_project(bob: TestClient) -> None:
    first, second = save(bob, "a")["id"], save(bob, "b")["id"]
    note(bob, "all", "2026-02-01")
    made = note(bob, "first", "2026-02-02", scope="insight", insight_id=first)
    assert (made["scope"], made["insight_id"]) == ("insight", first)
    assert texts(bob, insight_id=first) == ["all", "first"]
    assert texts(bob, insight_id=second) == ["all"]
    path = f"{PATH}/{made['id']}"
    assert bob.patch(path, json={"scope": "project"}).json()["insight_id"] is None
    assert bob.patch(path, json={"insight_id": second}).json()["scope"] == "insight"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"date": "-7d"}, 422),
        ({"date": "2026-02-30"}, 422),
        ({"text": " "}, 422),
        ({"text": "a\0"}, 422),
        ({"scope": "insight"}, 422),
        ({"insight_id": 1}, 422),
        ({"scope": "insight", "insight_id": 10**12}, 404),
    ],
)
def test_what_makes_no_note(bob: TestClient, body: dict[str, Any], status: int) -> None:
    assert bob.post(PATH, json={"text": "x", "date": "2026-02-01", **body}).status_code == status


def test_changing_and_removing(bob: TestClient, vera: TestClient, alice: TestClient) -> None:
    path = f"{PATH}/{note(bob, 'Relase', '2026-02-01')['id']}"
    assert vera.patch(path, json={"text": "x"}).status_code == vera.delete(path).status_code == 403
    assert vera.post(PATH, json={"text": "x", "date": "2026-02-01"}).status_code == 403
    changed = alice.patch(path, json={"text": "Release", "date": "2026-02-03"}).json()
    assert (changed["text"], changed["date"]) == ("Release", "2026-02-03")
    assert bob.get(path).json() == changed
    assert bob.delete(path).status_code == 204
    assert bob.get(path).status_code == 404
    actions = [e["action"] for e in alice.get("/api/v1/audit").json()["items"]]
    assert [a for a in actions if a.startswith("annotation.")] == [
        "annotation.deleted",
        "annotation.changed",
        "annotation.created",
    ]


def test_charlie_sees_no_note_of_acme(charlie: TestClient, bob: TestClient) -> None:
    path = f"{PATH}/{note(bob, 'secret', '2026-02-01')['id']}"
    calls = [charlie.get(path), charlie.patch(path, json={"text": "x"}), charlie.delete(path)]
    assert {answer.status_code for answer in calls} == {404}
    assert texts(charlie) == []
    body = {"text": "x", "date": "2026-02-01", "scope": "insight", "insight_id": save(bob)["id"]}
    assert charlie.post(PATH, json=body).status_code == 404
