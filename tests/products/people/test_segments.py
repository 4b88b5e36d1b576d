"""Built-in segments and RFM over HTTP."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.people import Shop, World

SEGMENTS = "/api/v1/segments"


def be_active(shop: Shop, person: int, *days_ago: int) -> None:
    """An event on each of these days before the first of March 2026."""
    shop.add_all({"event": "$pageview", "timestamp": f"{_date(days)} 10:00:00", "person": person} for days in days_ago)


def _date(days_ago: int) -> date:
    return date(2026, 3, 1) - timedelta(days=days_ago)


@pytest.fixture
def shop(acme: Shop) -> Shop:
    """One person for each segment, one who left and came back, one who never did anything."""
    acme.add_people([(n, f"d{n}", None) for n in range(1, 8)])
    be_active(acme, 1, *range(14), 300)
    be_active(acme, 2, 1, 2, 3, 4, 5, 300)
    be_active(acme, 3, 13, 300)
    be_active(acme, 4, 14)
    be_active(acme, 5, 6, 5)
    be_active(acme, 6, 300, 0)
    return acme


def segments(client: TestClient) -> dict[str, Any]:
    answer = client.get(SEGMENTS)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def counts(client: TestClient) -> dict[str, int]:
    return {item["key"]: item["people"] for item in segments(client)["items"]}


def people(client: TestClient, path: str, **params: Any) -> list[int]:
    answer = client.get(f"{SEGMENTS}/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return [item["person"] for item in answer.json()["items"]]


def test_everyone_is_in_one_segment_at_most(vera: TestClient, shop: Shop) -> None:
    assert counts(vera) == {"power": 1, "engaged": 1, "casual": 2, "at_risk": 1, "new": 1}
    answer = segments(vera)
    assert (answer["people"], answer["rest"]) == (7, 1)
    assert answer["items"][2]["share"] == round(2 / 7, 6)
    assert answer["calculated_at"] == "2026-03-01T12:00:00Z"


@pytest.mark.parametrize(
    ("key", "who"), [("power", [1]), ("engaged", [2]), ("casual", [3, 6]), ("at_risk", [4]), ("new", [5])]
)
def test_who_is_in_a_segment(vera: TestClient, shop: Shop, key: str, who: list[int]) -> None:
    segments(vera)
    assert people(vera, f"{key}/people") == who


def test_there_is_no_such_segment(vera: TestClient, shop: Shop) -> None:
    assert vera.get(f"{SEGMENTS}/vip/people").status_code == 404


def test_a_segment_is_a_cohort_everywhere(bob: TestClient, shop: Shop) -> None:
    power = segments(bob)["items"][0]["cohort"]
    body = {"kind": "trends", "series": [{"event": "$pageview", "math": "unique"}], "date_from": "-30d"}
    filters = [{"type": "cohort", "value": power}]
    answer = bob.post("/api/v1/query", json={**body, "filters": filters}).json()
    assert (answer["result"]["series"][0]["total"], answer["warnings"]) == (1, [])
    definition = {"not": {"type": "cohort", "value": power}}
    assert (
        bob.post("/api/v1/cohorts", json={"name": "x", "kind": "dynamic", "definition": definition}).json()["size"] == 6
    )


def test_rules_can_be_changed(bob: TestClient, vera: TestClient, shop: Shop) -> None:
    answer = bob.patch(f"{SEGMENTS}/rules", json={"power_days": 5, "engaged_days": 2, "at_risk_days": 21})
    assert answer.status_code == 200, answer.text
    assert counts(bob) == {"power": 2, "engaged": 0, "casual": 3, "at_risk": 0, "new": 1}
    assert segments(bob)["rules"]["window_days"] == 28
    assert "5 or more of the last 28" in segments(bob)["items"][0]["definition"]
    assert vera.patch(f"{SEGMENTS}/rules", json={"power_days": 5}).status_code == 403


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"power_days": 5}, "engaged_days"),
        ({"window_days": 61}, "window_days"),
        ({"power_days": 29}, "power_days"),
        ({"new_days": 0}, "new_days"),
    ],
)
def test_rules_that_cannot_be(bob: TestClient, shop: Shop, body: dict[str, Any], path: str) -> None:
    answer = bob.patch(f"{SEGMENTS}/rules", json=body)
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == [path]


def test_they_are_worked_out_anew_after_a_while_and_on_request(world: World, bob: TestClient, shop: Shop) -> None:
    segments(bob)
    be_active(shop, 7, 0)
    assert counts(bob)["new"] == 1
    assert bob.post(f"{SEGMENTS}/calculation").json()["items"][4]["people"] == 2
    be_active(shop, 3, *range(13))
    world.clock.pass_by(minutes=16)
    assert counts(bob)["power"] == 2


def test_merged_people_are_active_together(bob: TestClient, shop: Shop) -> None:
    shop.merge(4, into=6)
    assert counts(bob) == {"power": 1, "engaged": 1, "casual": 2, "at_risk": 0, "new": 1}
    assert segments(bob)["people"] == 6


def test_charlie_has_segments_of_his_own(charlie: TestClient, vera: TestClient, shop: Shop, rival: Shop) -> None:
    segments(vera)
    rival.add_people([(1, "r1", None)])
    be_active(rival, 1, 0)
    assert counts(charlie) == {"power": 0, "engaged": 0, "casual": 0, "at_risk": 0, "new": 1}
    assert charlie.get(f"/api/v1/projects/{shop.project_id}/segments").status_code == 404


@pytest.fixture
def buyers(acme: Shop) -> Shop:
    """Ten people: the higher the number, the later, oftener and dearer they bought."""
    acme.add_all(
        {
            "event": "purchase",
            "timestamp": f"2026-02-{2 * person:02d} 10:{i:02d}:00",
            "person": person,
            "properties": {"amount": 10},
        }
        for person in range(1, 11)
        for i in range(person)
    )
    return acme


def test_rfm_scores_people_in_fifths(vera: TestClient, buyers: Shop) -> None:
    answer = vera.get(f"{SEGMENTS}/rfm", params={"event": "purchase", "property": "amount"}).json()
    cells = {(c["recency"], c["frequency"]): c["people"] for c in answer["cells"] if c["people"]}
    assert cells == {(n, n): 2 for n in range(1, 6)}
    named = {s["key"]: s for s in answer["segments"]}
    assert {key: found["people"] for key, found in named.items() if found["people"]} == {
        "champions": 2, "loyal": 2, "need_attention": 2, "hibernating": 4,
    }  # fmt: skip
    champions = named["champions"]
    assert (champions["share"], champions["mean_count"], champions["mean_money"]) == (0.2, 9.5, 95.0)
    assert [m["people"] for m in answer["monetary"]] == [2, 2, 2, 2, 2]
    assert (answer["people"], answer["warnings"]) == (10, [])


def test_equal_values_have_equal_scores_and_merged_people_are_one(vera: TestClient, acme: Shop) -> None:
    for person in range(1, 8):
        acme.add("purchase", "2026-02-20 10:00:00", person)
    acme.merge(7, into=1)
    answer = vera.get(f"{SEGMENTS}/rfm", params={"event": "purchase"}).json()
    cells = {(c["recency"], c["frequency"]): c["people"] for c in answer["cells"] if c["people"]}
    assert cells == {(1, 1): 5, (1, 5): 1}
    assert (answer["people"], answer["monetary"]) == (6, None)


def test_who_is_behind_rfm(bob: TestClient, buyers: Shop) -> None:
    asked = {"event": "purchase", "property": "amount"}
    assert people(bob, "rfm/people", **asked, segment="champions") == [9, 10]
    assert people(bob, "rfm/people", **asked, recency=1) == [1, 2]
    assert people(bob, "rfm/people", **asked, segment="hibernating", monetary=2) == [3, 4]
    source = {"query": {"kind": "rfm", **asked}, "point": {"segment": "loyal"}}
    answer = bob.post("/api/v1/query/people", json=source).json()
    assert ([item["person"] for item in answer["items"]], answer["total"]) == ([7, 8], 2)
    assert answer["definition"].startswith(
        "People of the segment Loyal. People with event purchase in the last 365 days"
    )
    made = bob.post("/api/v1/cohorts", json={"name": "Loyal", "kind": "static", "people": source}).json()
    assert (made["size"], made["source"]) == (2, {"people": source})


def test_rfm_that_cannot_be(vera: TestClient, buyers: Shop) -> None:
    assert vera.get(f"{SEGMENTS}/rfm").status_code == 422
    assert vera.get(f"{SEGMENTS}/rfm/people", params={"event": "purchase", "segment": "vip"}).status_code == 422
    answer = vera.get(f"{SEGMENTS}/rfm", params={"event": "purchace"}).json()
    assert (answer["people"], answer["warnings"]) == (0, ["Event purchace has never been seen in this project."])
