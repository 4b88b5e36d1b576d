"""Funnels: insights of one kind with results of their own."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.products.insights.conftest import FUNNEL, TRENDS, names, save
from tests.support.people import Shop

STEPS = [{"event": "signup", "name": "Signed up"}, {"event": "it's \\ odd"}, {"event": "upgrade"}]


@pytest.fixture
def funnel(bob: TestClient) -> str:
    """The path of a funnel of three steps."""
    answer = bob.post("/api/v1/funnels", json={"name": "To paid", "steps": STEPS, "date_from": "-7d"})
    assert answer.status_code == 201, answer.text
    return f"/api/v1/funnels/{answer.json()['id']}"


@pytest.fixture
def shop(acme: Shop) -> Shop:
    """Ann goes all the way, Ben two steps, Cid one."""
    for person, events in ((1, ("signup", "it's \\ odd", "upgrade")), (2, ("signup", "it's \\ odd")), (3, ("signup",))):
        acme.add_people([(person, f"d{person}", None)])
        for i, event in enumerate(events):
            acme.add(event, f"2026-02-28 10:{i:02}:00", person, distinct_id=f"d{person}")
    return acme


def test_a_funnel_is_an_insight(bob: TestClient, funnel: str) -> None:
    shown = bob.get(funnel).json()
    assert (shown["name"], shown["steps"], shown["order"]) == ("To paid", STEPS, "ordered")
    assert (shown["window"], shown["is_active"], shown["version"]) == ({"value": 14, "unit": "day"}, True, 1)
    insight = bob.get(funnel.replace("funnels", "insights")).json()
    assert insight["query"] == {"kind": "funnel", "steps": STEPS, "date_from": "-7d"}


def test_an_insight_of_another_kind_is_no_funnel(bob: TestClient) -> None:
    trends, steps = save(bob, "Visits", query=TRENDS), save(bob, "Steps", query=FUNNEL)
    assert names(bob, "/funnels") == ["Steps"]
    assert bob.get(f"/api/v1/funnels/{steps['id']}").status_code == 200
    for method in ("GET", "PATCH", "DELETE"):
        answer = bob.request(method, f"/api/v1/funnels/{trends['id']}", json={} if method == "PATCH" else None)
        assert answer.status_code == 404


def test_faults_name_the_fields_as_they_were_sent(bob: TestClient) -> None:
    answer = bob.post("/api/v1/funnels", json={"name": "x", "steps": [{"event": "a"}], "order": "any"})
    assert answer.status_code == 422
    assert {error["path"] for error in answer.json()["errors"]} == {"steps", "order"}


def test_fields_change_one_by_one(bob: TestClient, funnel: str) -> None:
    changed = bob.patch(funnel, json={"order": "strict", "date_from": None, "name": "Strictly"}).json()
    assert (changed["name"], changed["order"], changed["date_from"], changed["steps"]) == (
        "Strictly", "strict", None, STEPS,
    )  # fmt: skip
    assert bob.patch(funnel, json={"steps": []}).status_code == 422
    assert bob.patch(funnel, json={"order": "strict", "version": 1}).status_code == 409


def test_how_a_funnel_is_shown_is_the_insights_affair(bob: TestClient, funnel: str) -> None:
    insight = funnel.replace("funnels", "insights")
    assert bob.patch(insight, json={"display": {"shown": "table"}}).status_code == 200
    assert "display" not in bob.patch(funnel, json={"name": "Paid"}).json()
    assert bob.patch(funnel, json={"display": {}}).status_code == 422
    assert bob.get(insight).json()["display"] == {"shown": "table"}


def test_inactive_ones_stay(bob: TestClient, vera: TestClient, funnel: str, shop: Shop) -> None:
    assert vera.delete(f"{funnel}/activation").status_code == 403
    assert bob.delete(f"{funnel}/activation").json()["is_active"] is False
    assert names(bob, "/funnels", is_active=True) == []
    assert names(bob, "/funnels") == names(bob, "/funnels", is_active=False) == ["To paid"]
    assert bob.get(f"{funnel}/results").status_code == 200
    assert bob.put(f"{funnel}/activation").json()["is_active"] is True
    assert bob.patch(funnel, json={"is_active": False}).json()["is_active"] is False


def test_results(vera: TestClient, funnel: str, shop: Shop) -> None:
    answer = vera.get(f"{funnel}/results").json()
    assert [step["count"] for step in answer["result"]["steps"]] == [3, 2, 1]
    earlier = vera.get(f"{funnel}/results", params={"from": "2026-01-01", "to": "2026-01-31"}).json()
    assert [step["count"] for step in earlier["result"]["steps"]] == [0, 0, 0]


@pytest.mark.parametrize("end", ["results", "drop-off", "journey"])
@pytest.mark.parametrize(
    ("given", "path", "says"),
    [
        ({"from": "lately"}, "from", "must be a date"),
        ({"to": "2025-01-01", "from": "2026-01-01"}, "from", "must be before to"),
    ],
)
def test_dates_are_named_as_the_caller_does(
    vera: TestClient, funnel: str, end: str, given: dict[str, str], path: str, says: str
) -> None:
    answer = vera.get(f"{funnel}/{end}", params={**given, "distinct_id": "d1"})
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == [path]
    assert answer.json()["errors"][0]["message"].startswith(says)


def test_drop_off(vera: TestClient, funnel: str, shop: Shop) -> None:
    answer = vera.get(f"{funnel}/drop-off").json()
    assert answer["steps"] == [
        {"step": 1, "name": "it's \\ odd", "entered": 3, "reached": 2, "dropped": 1, "drop_off_rate": 33.33},
        {"step": 2, "name": "upgrade", "entered": 2, "reached": 1, "dropped": 1, "drop_off_rate": 50.0},
    ]
    assert answer["bottleneck"] == 2


@pytest.mark.parametrize(("person", "reached"), [(1, 2), (2, 1), (3, 0)])
def test_journey(vera: TestClient, funnel: str, shop: Shop, person: int, reached: int) -> None:
    shop.add("signed out", "2026-02-28 09:00:00", person, distinct_id=f"d{person}")
    answer: dict[str, Any] = vera.get(f"{funnel}/journey", params={"distinct_id": f"d{person}"}).json()
    assert (answer["step_reached"], answer["converted"]) == (reached, reached == 2)
    assert [step["reached_at"] is not None for step in answer["steps"]] == [i <= reached for i in range(3)]
    assert [event["event"] for event in answer["events"]] == [step["event"] for step in STEPS[: reached + 1]]


def test_nobody_has_a_journey(vera: TestClient, funnel: str) -> None:
    assert vera.get(f"{funnel}/journey", params={"distinct_id": "nobody"}).status_code == 404
    assert vera.get(f"{funnel}/journey").status_code == 422


def test_charlie_finds_no_funnel_of_acme(charlie: TestClient, funnel: str) -> None:
    for end in ("", "/results", "/drop-off", "/journey?distinct_id=d1"):
        assert charlie.get(funnel + end).status_code == 404
    for answer in (charlie.patch(funnel, json={"name": "x"}), charlie.delete(funnel)):
        assert answer.status_code == 404
    assert names(charlie, "/funnels") == []
