"""Tags, and the search of the palette."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.products.insights.conftest import names, save
from tests.support.people import Shop


def find(client: TestClient, text: str) -> list[tuple[str, str]]:
    answer = client.get("/api/v1/search", params={"q": text})
    assert answer.status_code == 200, answer.text
    return [(item["type"], item["name"]) for item in answer.json()["items"]]


def test_tags_are_counted_over_insights_and_cohorts(bob: TestClient) -> None:
    save(bob, "a", tags=["web", "board"])
    gone = save(bob, "b", tags=["web", "old"])
    save(bob, "c", tags=["web"])
    bob.delete(f"/api/v1/insights/{gone['id']}")
    bob.post("/api/v1/cohorts", json={"name": "x", "kind": "static", "tags": ["board", "alpha"]})
    tags = bob.get("/api/v1/tags").json()["items"]
    assert [(tag["tag"], tag["count"]) for tag in tags] == [("board", 2), ("web", 2), ("alpha", 1)]


def test_everything_with_the_text_in_its_name_is_found(bob: TestClient, vera: TestClient, acme: Shop) -> None:
    save(bob, "All signups")
    save(bob, "Signup steps")
    save(bob, "Visits")
    bob.post("/api/v1/cohorts", json={"name": "Signed up lately", "kind": "static"})
    bob.post("/api/v1/annotations", json={"text": "New sign-up page", "date": "2026-02-01"})
    acme.add("signup", "2026-03-01 11:00:00")
    acme.add("$pageview", "2026-03-01 11:00:00")
    assert find(vera, " SIGN") == [
        ("insight", "Signup steps"),
        ("insight", "All signups"),
        ("cohort", "Signed up lately"),
        ("annotation", "New sign-up page"),
        ("event", "signup"),
    ]
    assert find(vera, "%") == find(vera, " ") == find(vera, "nothing like it") == []


def test_charlie_finds_nothing(charlie: TestClient, bob: TestClient, acme: Shop) -> None:
    save(bob, "Signup steps")
    acme.add("signup", "2026-03-01 11:00:00")
    assert find(charlie, "sign") == []
    assert names(charlie) == []
