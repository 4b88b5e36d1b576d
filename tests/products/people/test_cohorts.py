"""Cohorts over HTTP: made, worked out, changed, used, removed, and by whom."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.people import Shop, World

COHORTS = "/api/v1/cohorts"
PRO = {"type": "person", "property": "plan", "value": "pro"}
BOUGHT = {"type": "behaviour", "event": "purchase", "days": 30}
TRENDS = {"kind": "trends", "series": [{"event": "purchase"}], "date_from": "-30d"}


@pytest.fixture
def shop(acme: Shop) -> Shop:
    """Four people, two of them on pro; 1 and 3 have bought something."""
    plans = {1: "pro", 2: "pro", 3: "free"}
    acme.add_people([(n, f"d{n}", {"plan": plan}) for n, plan in plans.items()] + [(4, "d4", None)])
    for person in (1, 3):
        acme.add("purchase", "2026-02-27 10:00:00", person, distinct_id=f"d{person}")
    return acme


def make(client: TestClient, name: str = "Pros", status: int = 201, **more: Any) -> Any:
    body = {"name": name, "kind": "dynamic" if "definition" in more else "static", **more}
    answer = client.post(COHORTS, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def listed(client: TestClient, **params: Any) -> list[str]:
    answer = client.get(COHORTS, params=params)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


def people(client: TestClient, cohort: int, **params: Any) -> list[int]:
    answer = client.get(f"{COHORTS}/{cohort}/people", params=params)
    assert answer.status_code == 200, answer.text
    return [item["person"] for item in answer.json()["items"]]


def purchases(client: TestClient, *cohorts: int, operator: str = "in") -> Any:
    filters = [{"type": "cohort", "value": list(cohorts), "operator": operator}]
    return client.post("/api/v1/query", json={**TRENDS, "filters": filters, "refresh": True}).json()


def unknown(cohort: int) -> str:
    return f"Cohort {cohort} is not in this project or was never worked out: nobody is in it."


def test_a_dynamic_cohort_is_worked_out_when_it_is_made(bob: TestClient, shop: Shop) -> None:
    made = make(bob, definition={"and": [PRO, BOUGHT]}, description="They pay", tags=["money"])
    assert (made["size"], made["kind"], made["version"], made["error"]) == (1, "dynamic", 1, None)
    assert (made["owner"], made["calculating"], made["tags"]) == ("Bob", False, ["money"])
    assert made["calculated_at"] == "2026-03-01T12:00:00Z"
    assert made["meaning"].startswith("People who have a profile that meets a condition and did purchase")
    assert people(bob, made["id"]) == [1]
    assert bob.get(f"{COHORTS}/{made['id']}").json()["definition"] == {"and": [PRO, BOUGHT]}


def test_a_cohort_filters_and_is_worked_out_again_on_request(bob: TestClient, shop: Shop) -> None:
    made = make(bob, definition=BOUGHT)
    assert purchases(bob, made["id"])["result"]["series"][0]["total"] == 2
    shop.add("purchase", "2026-02-27 10:00:00", 4)
    assert purchases(bob, made["id"])["result"]["series"][0]["total"] == 2
    again = bob.post(f"{COHORTS}/{made['id']}/calculation")
    assert (again.status_code, again.json()["size"]) == (200, 3)
    assert purchases(bob, made["id"])["result"]["series"][0]["total"] == 3
    assert purchases(bob, made["id"], operator="not_in")["result"]["series"][0]["total"] == 0


def test_a_static_cohort_of_ids(bob: TestClient, shop: Shop) -> None:
    made = make(bob, distinct_ids=["d1", "d4", "nobody"])
    assert (made["size"], made["unknown_ids"], made["source"]) == (2, 1, {"ids": 3})
    assert people(bob, made["id"]) == [1, 4]
    assert people(bob, made["id"], search="D4") == [4]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("d1\nd3\n", [1, 3]),
        ("email,Distinct_ID\nx,d2\ny,d2\n", [2]),
        ("\ufeffdistinct_id\r\n\"d3\"\r\n\r\n", [3]),
        ("", []),
    ],
)  # fmt: skip
def test_a_static_cohort_of_a_file(bob: TestClient, shop: Shop, text: str, found: list[int]) -> None:
    assert people(bob, make(bob, csv=text)["id"]) == found


def test_people_are_added_and_taken_out_by_their_ids(bob: TestClient, shop: Shop) -> None:
    made = make(bob)
    assert made["size"] == 0
    path = f"{COHORTS}/{made['id']}/people"
    assert bob.post(path, json={"add": ["d1", "d2", "x"]}).json()["size"] == 2
    answer = bob.post(path, json={"add": ["d3"], "remove": ["d1", "y"]}).json()
    assert (answer["size"], answer["unknown_ids"]) == (2, 1)
    assert people(bob, made["id"]) == [2, 3]


def test_someone_merged_is_taken_out_wholly(bob: TestClient, shop: Shop) -> None:
    made = make(bob, distinct_ids=["d1", "d2"])
    shop.merge(2, into=3)
    assert people(bob, made["id"]) == [1, 3]
    assert bob.post(f"{COHORTS}/{made['id']}/people", json={"remove": ["d3"]}).json()["size"] == 1
    assert people(bob, made["id"]) == [1]


def test_a_dynamic_cohort_takes_nobody_by_hand(bob: TestClient, shop: Shop) -> None:
    made = make(bob, definition=PRO)
    assert bob.post(f"{COHORTS}/{made['id']}/people", json={"add": ["d3"]}).status_code == 422


def test_a_cohort_of_another_and_never_of_itself(bob: TestClient, shop: Shop) -> None:
    pros = make(bob, "Pros", definition=PRO)["id"]
    buyers = make(bob, "Buyers", definition={"and": [{"type": "cohort", "value": pros}, BOUGHT]})["id"]
    assert people(bob, buyers) == [1]
    circle = {"filters": [{"type": "cohort", "value": buyers}], **BOUGHT}
    answer = bob.patch(f"{COHORTS}/{pros}", json={"definition": circle})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "definition"
    assert "circle" in answer.json()["detail"]
    assert bob.patch(f"{COHORTS}/{pros}", json={"definition": {"type": "cohort", "value": pros}}).status_code == 422


def test_an_unknown_cohort_in_a_definition(bob: TestClient, shop: Shop) -> None:
    answer = make(bob, status=422, definition={"type": "cohort", "value": 4_000_000})
    assert "4000000" in answer["detail"]


def test_a_new_definition_keeps_the_older_one(bob: TestClient, shop: Shop) -> None:
    made = make(bob, definition=PRO)
    changed = bob.patch(f"{COHORTS}/{made['id']}", json={"definition": BOUGHT, "name": "Buyers"}).json()
    assert (changed["version"], changed["size"], changed["name"]) == (2, 2, "Buyers")
    assert people(bob, made["id"]) == [1, 3]
    versions = bob.get(f"{COHORTS}/{made['id']}/versions").json()["items"]
    assert versions == [{"version": 1, "definition": PRO, "replaced_at": "2026-03-01T12:00:00Z"}]
    assert bob.patch(f"{COHORTS}/{made['id']}", json={"definition": BOUGHT}).json()["version"] == 2


def test_older_definitions_come_in_pages(bob: TestClient, shop: Shop) -> None:
    made = make(bob, definition=PRO)["id"]
    for days in (1, 2, 3):
        bob.patch(f"{COHORTS}/{made}", json={"definition": {**BOUGHT, "days": days}})
    path = f"{COHORTS}/{made}/versions"
    first = bob.get(path, params={"limit": 2}).json()
    assert [item["version"] for item in first["items"]] == [3, 2]
    second = bob.get(path, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert ([item["version"] for item in second["items"]], second["next_cursor"]) == ([1], None)


def test_lists_are_by_name_in_pages(bob: TestClient, shop: Shop) -> None:
    for name in ("beta", "Alpha", "gamma", "alpha"):
        make(bob, name, tags=[name.lower()])
    first = bob.get(COHORTS, params={"limit": 3}).json()
    assert [item["name"] for item in first["items"]] == ["Alpha", "alpha", "beta"]
    assert listed(bob, limit=3, cursor=first["next_cursor"]) == ["gamma"]
    assert listed(bob, search="ALPH") == ["Alpha", "alpha"]
    assert listed(bob, search="%") == []
    make(bob, "delta", description="Alphabetical, or nearly")
    assert listed(bob, search="alph") == ["Alpha", "alpha", "delta"]
    assert bob.delete(f"{COHORTS}/{bob.get(COHORTS, params={'search': 'nearly'}).json()['items'][0]['id']}").is_success
    assert listed(bob, tag="beta") == ["beta"]
    assert (listed(bob, kind="dynamic"), listed(bob, cursor=None)) == ([], ["Alpha", "alpha", "beta", "gamma"])


def test_favourites_are_each_persons_own(alice: TestClient, bob: TestClient, shop: Shop) -> None:
    made = make(bob)
    assert bob.patch(f"{COHORTS}/{made['id']}", json={"is_favourite": True}).json()["is_favourite"] is True
    assert (listed(bob, favourites=True), listed(alice, favourites=True)) == (["Pros"], [])
    assert bob.patch(f"{COHORTS}/{made['id']}", json={"is_favourite": False}).json()["is_favourite"] is False


def test_a_viewer_likes_a_cohort_and_finds_their_own(alice: TestClient, vera: TestClient, shop: Shop) -> None:
    made = make(alice)["id"]
    assert vera.patch(f"{COHORTS}/{made}", json={"is_favourite": True}).json()["is_favourite"] is True
    assert vera.patch(f"{COHORTS}/{made}", json={"is_favourite": True, "name": "Mine"}).status_code == 403
    assert listed(vera, favourites=True) == ["Pros"]
    assert (listed(alice, owner="me"), listed(vera, owner="me")) == (["Pros"], [])


def test_a_deleted_cohort_is_gone_with_its_people(bob: TestClient, shop: Shop) -> None:
    made = make(bob, definition=PRO)["id"]
    using = make(bob, "Using", definition={"not": {"type": "cohort", "value": made}})["id"]
    refused = bob.delete(f"{COHORTS}/{made}")
    assert (refused.status_code, refused.json()["code"]) == (409, "cohort_in_use")
    assert "Using" in refused.json()["detail"]
    assert bob.delete(f"{COHORTS}/{using}").status_code == 204
    assert bob.delete(f"{COHORTS}/{made}").status_code == 204
    assert shop.members(made) == []
    assert bob.get(f"{COHORTS}/{made}").status_code == 404
    assert make(bob)["id"] > using


def test_an_unknown_cohort_in_a_filter_is_a_warning(bob: TestClient, shop: Shop) -> None:
    made = make(bob, definition=PRO)["id"]
    bob.delete(f"{COHORTS}/{made}")
    answer = purchases(bob, made, operator="not_in")
    assert answer["result"]["series"][0]["total"] == 2
    assert answer["warnings"] == [unknown(made)]
    assert purchases(bob, make(bob)["id"])["warnings"] == []


def test_a_viewer_reads_and_does_not_write(bob: TestClient, vera: TestClient, shop: Shop) -> None:
    made = make(bob, definition=PRO)["id"]
    assert (listed(vera), people(vera, made)) == (["Pros"], [1, 2])
    make(vera, status=403)
    for method, path in (("patch", ""), ("delete", ""), ("post", "/calculation"), ("post", "/people")):
        more: dict[str, Any] = {} if method == "delete" else {"json": {}}
        assert getattr(vera, method)(f"{COHORTS}/{made}{path}", **more).status_code == 403, path


def test_keys_need_the_scopes(world: World, shop: Shop) -> None:
    reader = world.bearer(world.key("query:read", project_id=world.acme_id))
    writer = world.bearer(world.key("insights:write", project_id=world.acme_id))
    assert (reader.get(COHORTS).status_code, writer.get(COHORTS).status_code) == (200, 403)
    made = make(writer, definition=PRO)
    assert (made["owner_id"], made["size"]) == (None, 2)
    assert writer.patch(f"{COHORTS}/{made['id']}", json={"is_favourite": True}).status_code == 422
    assert world.anonymous().get(COHORTS).status_code == 401


def test_charlie_sees_nothing_of_acme(world: World, bob: TestClient, charlie: TestClient, shop: Shop) -> None:
    made = make(bob, definition=PRO)["id"]
    assert listed(charlie) == []
    for project in (world.acme_id, world.rival_id):
        base = f"/api/v1/projects/{project}/cohorts/{made}"
        for method, path in (("get", ""), ("patch", ""), ("delete", ""), ("post", "/calculation"), ("get", "/people")):
            more = {"json": {"name": "x"}} if method in ("patch", "post") else {}
            assert getattr(charlie, method)(base + path, **more).status_code == 404, path
        assert charlie.post(base + "/people", json={"add": ["d3"]}).status_code == 404
        assert charlie.get(base + "/versions").status_code == 404
    make(charlie, status=422, definition={"type": "cohort", "value": made})
    assert make(charlie, definition={"not": PRO})["size"] == 0
    assert purchases(charlie, made)["warnings"][-1] == unknown(made)


def test_changes_are_in_the_audit_log(alice: TestClient, shop: Shop) -> None:
    made = make(alice)["id"]
    alice.post(f"{COHORTS}/{made}/people", json={"add": ["d1"]})
    alice.patch(f"{COHORTS}/{made}", json={"name": "Others"})
    alice.delete(f"{COHORTS}/{made}")
    entries = alice.get("/api/v1/audit").json()["items"]
    mine = [(entry["action"], entry["target"]) for entry in entries if entry["target"] == f"cohort:{made}"]
    assert [action for action, _ in reversed(mine)] == [
        "cohort.created", "cohort.people_changed", "cohort.changed", "cohort.deleted",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"kind": "dynamic"}, "definition"),
        ({"kind": "static", "definition": PRO}, "definition"),
        ({"kind": "dynamic", "definition": PRO, "distinct_ids": ["a"]}, "distinct_ids"),
        ({"kind": "static", "distinct_ids": ["a"], "csv": "b"}, "csv"),
        ({"kind": "static", "distinct_ids": ["a", ""]}, "distinct_ids.1"),
        ({"kind": "static", "distinct_ids": ["a\0"]}, "distinct_ids.0"),
        ({"kind": "dynamic", "definition": {"and": [{"type": "wish"}]}}, "definition.and.0.type"),
        ({"kind": "static", "people": {"query": {"kind": "wish"}, "point": {}}}, "kind"),
    ],
)
def test_cohorts_that_cannot_be(bob: TestClient, shop: Shop, body: dict[str, Any], path: str) -> None:
    answer = make(bob, status=422, **body)
    assert [error["path"] for error in answer["errors"]] == [path]
    assert listed(bob) == []


def test_a_rule_that_the_engine_refuses_is_kept_with_its_error(bob: TestClient, shop: Shop) -> None:
    wrong = {**BOUGHT, "filters": [{"type": "sql", "value": "toDateTime(distinct_id) > now()"}]}
    made = make(bob, definition=wrong)
    assert made["size"] is None
    assert made["error"]
    assert made["calculating"] is False
    again = bob.post(f"{COHORTS}/{made['id']}/calculation")
    assert again.status_code == 422
