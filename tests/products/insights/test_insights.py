"""Saving questions, changing them, and finding them again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from tests.products.insights.conftest import FUNNEL, TRENDS, names, save
from tests.support.people import Shop, World


def test_what_is_saved_is_shown(bob: TestClient) -> None:
    made = save(bob, description="Of all pages", tags=["web", "board"])
    shown = bob.get(f"/api/v1/insights/{made['id']}").json()
    assert shown == made
    assert shown["kind"] == "trends"
    assert shown["query"] == TRENDS
    assert shown["tags"] == ["board", "web"]
    assert (shown["owner"]["name"], shown["updated_by"]["name"], shown["version"]) == ("Bob", "Bob", 1)


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ({"kind": "trends", "interval": "era"}, {"query.series", "query.interval"}),
        ({"kind": "guess"}, {"query.kind"}),
        ({}, {"query.kind"}),
    ],
)
def test_a_question_that_cannot_be_asked_is_not_saved(bob: TestClient, query: Any, paths: set[str]) -> None:
    answer = bob.post("/api/v1/insights", json={"name": "x", "query": query})
    assert answer.status_code == 422
    assert {error["path"] for error in answer.json()["errors"]} == paths


@pytest.mark.parametrize(
    "query",
    [
        b'{"kind": "trends", "series": [{"event": "a\\u0000"}]}',
        b'{"kind": "trends", "series": [{"event": "a", "name": "\\ud800"}]}',
        b'{"kind": "trends", "series": [{"event": "a"}], "x": 1e999}',
        b'{"kind": "trends", "series": [{"event": "a"}], "x": "' + b"x" * 70_000 + b'"}',
    ],
)
def test_what_no_answer_could_carry_is_not_saved(bob: TestClient, query: bytes) -> None:
    body = b'{"name": "x", "query": ' + query + b"}"
    answer = bob.post("/api/v1/insights", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text


def test_a_change_keeps_what_was_there(bob: TestClient, alice: TestClient) -> None:
    made = save(bob)
    path = f"/api/v1/insights/{made['id']}"
    changed = alice.patch(path, json={"name": "All visits", "query": FUNNEL, "tags": ["x"]}).json()
    assert (changed["version"], changed["kind"], changed["updated_by"]["name"]) == (2, "funnel", "Alice")
    versions = bob.get(f"{path}/versions").json()["items"]
    assert [(v["version"], v["name"], v["tags"], v["made_by"]["name"]) for v in versions] == [
        (2, "All visits", ["x"], "Alice"),
        (1, "Visits", [], "Bob"),
    ]
    assert versions[1]["query"] == TRENDS


def test_an_old_version_comes_back_as_a_new_one(bob: TestClient) -> None:
    made = save(bob, tags=["web"])
    path = f"/api/v1/insights/{made['id']}"
    bob.patch(path, json={"name": "Other", "query": FUNNEL, "tags": []})
    restored = bob.post(f"{path}/versions/1/restoration").json()
    assert {name: restored[name] for name in ("name", "query", "tags", "kind", "version")} == {
        "name": "Visits",
        "query": TRENDS,
        "tags": ["web"],
        "kind": "trends",
        "version": 3,
    }
    assert bob.post(f"{path}/versions/9/restoration").status_code == 404


def test_how_it_is_shown_is_kept_beside_the_question(bob: TestClient) -> None:
    display = {
        "chart": "bar",
        "hidden": ["pro", "free"],
        "sort": {"key": "total", "direction": "ascending"},
        "own": 1.5,
    }
    made = save(bob, display=display)
    path = f"/api/v1/insights/{made['id']}"
    assert (made["display"], made["query"]) == (display, TRENDS)
    changed = bob.patch(path, json={"display": {"chart": "line"}}).json()
    assert (changed["display"], changed["version"]) == ({"chart": "line"}, 2)
    assert bob.patch(path, json={"name": "Same look"}).json()["display"] == {"chart": "line"}
    assert [v["display"] for v in bob.get(f"{path}/versions").json()["items"]] == [{"chart": "line"}] * 2 + [display]
    assert bob.post(f"{path}/versions/1/restoration").json()["display"] == display


def test_insights_of_before_have_no_display_and_take_one(bob: TestClient, world: World) -> None:
    path = f"/api/v1/insights/{save(bob)['id']}"
    with world.context.database.transaction() as session:
        for table in ("insights", "insight_versions"):
            session.execute(text(f"UPDATE {table} SET display = NULL"))
    assert bob.get(path).json()["display"] == {}
    assert bob.patch(path, json={"display": {}}).json()["version"] == 1
    assert bob.patch(path, json={"display": {"chart": "bar"}}).json()["version"] == 2
    assert bob.post(f"{path}/versions/1/restoration").json()["display"] == {}


@pytest.mark.parametrize(
    ("display", "path"),
    [
        ({"chart": [["deep"]]}, "display.chart"),
        ({"sort": {"key": {"deep": 1}}}, "display.sort"),
        ({"chart": "x" * 9000}, "display"),
        ({"chart": "a\0"}, "display"),
        ({"$time": "now"}, "display"),
        ({f"f{i}": 1 for i in range(51)}, "display"),
        (["bar"], "display"),
        (None, "display"),
    ],
)
def test_a_display_is_small_and_plain(bob: TestClient, display: Any, path: str) -> None:
    answer = bob.post("/api/v1/insights", json={"name": "x", "query": TRENDS, "display": display})
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == [path]


def test_nobody_overwrites_what_they_have_not_seen(bob: TestClient, alice: TestClient) -> None:
    made = save(bob)
    path = f"/api/v1/insights/{made['id']}"
    assert alice.patch(path, json={"name": "Hers", "version": 1}).status_code == 200
    refused = bob.patch(path, json={"name": "His", "version": 1})
    assert refused.status_code == 409
    assert refused.json()["code"] == "changed_meanwhile"
    assert "Alice changed this at 2026-03-01T12:00:00Z; it is at version 2" in refused.json()["detail"]
    assert bob.patch(path, json={"name": "His"}).json()["name"] == "His"


def test_saying_the_same_again_changes_nothing(bob: TestClient) -> None:
    made = save(bob, tags=["web"])
    again = bob.patch(f"/api/v1/insights/{made['id']}", json={"name": "Visits", "query": TRENDS, "tags": ["web"]})
    assert again.json() == made


def test_archived_ones_are_put_away_and_come_back(bob: TestClient) -> None:
    made = save(bob)
    path = f"/api/v1/insights/{made['id']}"
    assert bob.delete(path).status_code == 204
    assert names(bob) == []
    assert names(bob, archived=True) == ["Visits"]
    assert bob.get(path).json()["archived"] is True
    assert bob.patch(path, json={"archived": False}).json()["version"] == 1
    assert names(bob) == ["Visits"]


def test_a_list_is_narrowed(bob: TestClient, alice: TestClient, world: World) -> None:
    for client, name, more in (
        (bob, "Visits", {"tags": ["web"]}),
        (bob, "Steps", {"query": FUNNEL}),
        (alice, "100%_done", {"description": "of visits"}),
    ):
        save(client, name, **more)
        world.clock.pass_by(seconds=1)
    assert names(bob) == ["100%_done", "Steps", "Visits"]
    assert names(bob, search="VISIT") == ["100%_done", "Visits"]
    assert names(bob, search="%_") == ["100%_done"]
    assert names(bob, kind="funnel") == ["Steps"]
    assert names(bob, tag="web") == ["Visits"]
    assert names(bob, owner="me") == ["Steps", "Visits"]


def test_pages_lead_through_all_even_where_moments_are_the_same(bob: TestClient) -> None:
    for i in range(5):
        save(bob, f"n{i}")
    found: list[str] = []
    cursor = None
    for _ in range(3):
        page = bob.get("/api/v1/insights", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        found += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert found == ["n4", "n3", "n2", "n1", "n0"]
    assert cursor is None
    assert bob.get("/api/v1/insights", params={"cursor": "WzEsIDJd9"}).status_code == 422


def test_favourites_are_of_each_person(vera: TestClient, bob: TestClient) -> None:
    path = f"/api/v1/insights/{save(bob)['id']}"
    for _ in range(2):
        assert vera.put(f"{path}/favourite").status_code == 204
    assert (names(vera, favourite=True), names(bob, favourite=True)) == (["Visits"], [])
    assert names(bob, favourite=False) == ["Visits"]
    assert vera.get(path).json()["is_favourite"] is True
    assert vera.patch(path, json={"is_favourite": False}).json()["is_favourite"] is False
    assert vera.put(f"{path}/favourite").status_code == 204
    assert vera.delete(f"{path}/favourite").status_code == 204
    assert vera.get(path).json()["is_favourite"] is False


def test_viewers_look_and_nothing_more(vera: TestClient, bob: TestClient) -> None:
    path = f"/api/v1/insights/{save(bob)['id']}"
    assert vera.get(path).status_code == 200
    assert vera.post("/api/v1/insights", json={"name": "x", "query": TRENDS}).status_code == 403
    for answer in (
        vera.patch(path, json={"name": "y"}),
        vera.patch(path, json={"name": "y", "is_favourite": True}),
        vera.patch(path, json={}),
        vera.delete(path),
        vera.post(f"{path}/versions/1/restoration"),
    ):
        assert answer.status_code == 403
    assert vera.get(path).json()["is_favourite"] is False


def test_keys_need_the_scopes(world: World, bob: TestClient) -> None:
    path = f"/api/v1/insights/{save(bob)['id']}"
    reader = world.bearer(world.key("query:read", project_id=world.acme_id))
    assert reader.get(path).status_code == 200
    assert reader.patch(path, json={"name": "y"}).status_code == 403
    assert reader.put(f"{path}/favourite").status_code == 403
    writer = world.bearer(world.key("query:read", "insights:write", project_id=world.acme_id))
    assert writer.patch(path, json={"name": "y"}).json()["updated_by"] == {"id": None, "name": "a key"}
    assert writer.post("/api/v1/insights", json={"name": "z", "query": TRENDS}).json()["owner"] is None
    assert world.bearer(world.key("insights:write", project_id=world.acme_id)).get(path).status_code == 403
    assert world.anonymous().get(path).status_code == 401


def test_charlie_finds_nothing_of_acme(charlie: TestClient, bob: TestClient, world: World) -> None:
    number = save(bob, tags=["secret"])["id"]
    for prefix in ("/api/v1", f"/api/v1/projects/{world.acme_id}", f"/api/v1/projects/{world.rival_id}"):
        path = f"{prefix}/insights/{number}"
        calls = [charlie.get(path + end) for end in ("", "/versions", "/result")]
        calls += [charlie.patch(path, json={"name": "x"}), charlie.delete(path), charlie.put(f"{path}/favourite")]
        calls += [charlie.delete(f"{path}/favourite"), charlie.post(f"{path}/versions/1/restoration")]
        assert {answer.status_code for answer in calls} == {404}
    assert names(charlie) == names(charlie, tag="secret") == []
    assert charlie.get("/api/v1/tags").json()["items"] == []


def test_the_result_is_that_of_the_question(vera: TestClient, bob: TestClient, acme: Shop) -> None:
    path = f"/api/v1/insights/{save(bob)['id']}/result"
    acme.add("$pageview", "2026-03-01 11:00:00")
    first = vera.get(path).json()
    assert first["result"]["series"][0]["total"] == 1
    acme.add("$pageview", "2026-03-01 11:30:00")
    assert vera.get(path).json()["cached"] is True
    assert vera.get(path, params={"refresh": True}).json()["result"]["series"][0]["total"] == 2


def test_changes_are_in_the_audit_log(alice: TestClient) -> None:
    path = f"/api/v1/insights/{save(alice)['id']}"
    alice.patch(path, json={"name": "New"})
    alice.delete(path)
    alice.patch(path, json={"archived": False})
    alice.put(f"{path}/favourite")
    entries = [e for e in alice.get("/api/v1/audit").json()["items"] if e["action"].startswith("insight.")]
    assert [(e["action"], e["target"]) for e in reversed(entries)] == [
        (f"insight.{verb}", path.removeprefix("/api/v1/").replace("insights/", "insight:"))
        for verb in ("created", "changed", "archived", "restored")
    ]
    assert entries[2]["details"] == {"name": "New", "fields": ["name"]}


def test_an_insight_outlives_its_owner(world: World, alice: TestClient, bob: TestClient) -> None:
    made = save(bob)
    bob_id = world.user_id("bob")
    assert alice.delete(f"/api/v1/projects/{world.acme_id}/members/{bob_id}").status_code == 204
    assert alice.get(f"/api/v1/insights/{made['id']}").json()["owner"] == {"id": bob_id, "name": "Bob"}


def test_of_two_at_once_one_is_told(bob: TestClient, alice: TestClient) -> None:
    path = f"/api/v1/insights/{save(bob)['id']}"
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(c.patch, path, json={"name": n, "version": 1}) for c, n in ((bob, "b"), (alice, "a"))]
        assert sorted(job.result().status_code for job in jobs) == [200, 409]
    assert bob.get(path).json()["version"] == 2
