"""What the source systems' routes answer, as the people of the named world."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.people import Shop, World

API = "/api/analytics"


def get(client: TestClient, path: str, **params: Any) -> Any:
    answer = client.get(f"{API}/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def shop(acme: Shop) -> Shop:
    """Ann (two ids, merged) and Ben; it is noon of 1 March."""
    acme.add_people([(1, "ann", None), (2, "ben", None), (3, "ann-phone", None)])
    acme.merge(3, into=1)
    for event, at, person, user, more in (
        ("$pageview", "2026-03-01 11:58:00", 1, "ann", {"path": "/a", "session": 11, "session_id": "s1"}),
        ("search", "2026-03-01 11:58:30", 1, "ann", {"category": "c", "session": 11, "session_id": "s1"}),
        ("search", "2026-03-01 11:40:00", 3, "ann-phone", {}),
        ("purchase", "2026-03-01 11:50:00", 3, "ann-phone", {}),
        ("feature_used", "2026-02-27 10:00:00", 2, "ben", {"properties": {"feature": "export", "duration": 4}}),
        ("feature_used", "2026-02-27 11:00:00", 1, "ann", {"properties": {"feature": "export", "duration": 2}}),
        ("search", "2026-02-20 10:00:00", 2, "ben", {}),
    ):
        acme.add(event, at, person, distinct_id=user, **more)
    row = {"project_id": acme.project_id, "session": 11, "session_id": "s1", "person": 1, "events": 2, "pageviews": 1}
    times = {"start": "2026-03-01 11:58:00", "end": "2026-03-01 11:58:30", "entry_path": "/a", "exit_path": "/a"}
    acme._insert("sessions", [{**row, **times, "version": 1}])
    return acme


def test_events_newest_first(vera: TestClient, shop: Shop) -> None:
    found = get(vera, "events", limit=2)
    assert [e["event"] for e in found["events"]] == ["search", "$pageview"]
    assert found["total"] == 7
    assert found["events"][0] | {"id": ""} == {
        "id": "",
        "event": "search",
        "category": "c",
        "properties": {},
        "userId": "ann",
        "sessionId": "s1",
        "page": "",
        "referrer": "",
        "timestamp": "2026-03-01T11:58:30Z",
    }


@pytest.mark.parametrize(
    ("params", "total"),
    [
        ({"userId": "ann"}, 3),
        ({"event": "search"}, 3),
        ({"category": "c"}, 1),
        ({"from": "2026-03-01"}, 4),
        ({"to": "2026-02-27"}, 3),
        ({"event": "search", "userId": "ben", "from": "-20d"}, 1),
        ({"userId": "nobody"}, 0),
    ],
)
def test_events_are_narrowed(vera: TestClient, shop: Shop, params: dict[str, str], total: int) -> None:
    found = get(vera, "events", **params)
    assert (found["total"], len(found["events"])) == (total, total)


def test_counts_and_tops(vera: TestClient, shop: Shop) -> None:
    days = get(vera, "events", action="counts", groupBy="day", event="search", **{"from": "2026-02-27"})["counts"]
    assert [(c["group"], c["count"]) for c in days] == [("2026-02-27", 0), ("2026-02-28", 0), ("2026-03-01", 2)]
    hours = get(vera, "events", action="counts", groupBy="hour", userId="ann", **{"from": "2026-03-01T11:00:00Z"})[
        "counts"
    ]
    assert [(c["group"], c["count"]) for c in hours] == [("2026-03-01T11:00:00Z", 2), ("2026-03-01T12:00:00Z", 0)]
    users = get(vera, "events", action="counts", groupBy="userId")["counts"]
    assert [(c["group"], c["count"]) for c in users] == [("ann", 3), ("ann-phone", 2), ("ben", 2)]
    top = get(vera, "events", action="top", limit=1)["events"]
    assert top == [{"event": "search", "count": 3, "users": 2}]


def test_numbers_by_action(vera: TestClient, shop: Shop) -> None:
    active = get(vera, "metrics", action="active_users", period="week")
    assert (active["activeUsers"], active["dau"], active["wau"], active["mau"]) == (2, 1, 2, 2)
    converted = get(vera, "metrics", action="conversion", startEvent="search", endEvent="purchase", window=60)
    assert (converted["started"], converted["converted"], converted["conversionRate"]) == (2, 1, 50.0)
    kept = get(vera, "metrics", action="retention", cohortDate="2026-02-27")
    assert (kept["cohortSize"], kept["day1"], kept["day7"]) == (2, 0.0, None)
    assert [(r["day"], r["users"]) for r in kept["retention"]] == [(0, 2), (1, 0), (2, 1)]
    grown = get(vera, "metrics", action="growth", metric="search", currentPeriod="week")
    assert (grown["current"], grown["previous"], grown["growthRate"]) == (2, 1, 100.0)


def test_kept_values(bob: TestClient, vera: TestClient) -> None:
    for date, value in (("2026-02-04", 40), ("2026-02-11", 50), ("2026-02-10", 60)):
        body = {"name": "tickets", "value": value, "period": "week", "date": date, "metadata": {"a": 1}}
        assert bob.post(f"{API}/metrics", json=body).status_code == 200
        assert vera.post(f"{API}/metrics", json=body).status_code == 403
    found = get(vera, "metrics", name="tickets")["metrics"]
    assert [(v["date"], v["value"], v["metadata"]) for v in found] == [
        ("2026-02-09T00:00:00Z", 60.0, {"a": 1}),
        ("2026-02-02T00:00:00Z", 40.0, {"a": 1}),
    ]
    assert len(get(vera, "metrics", name="tickets", **{"from": "2026-02-05"})["metrics"]) == 1
    grown = get(vera, "metrics", action="growth", metric="tickets", currentPeriod="week")
    assert (grown["current"], grown["previous"], grown["growthRate"]) == (60.0, 40.0, 50.0)


@pytest.mark.parametrize(
    ("period", "start"),
    [
        ("hour", "2026-02-11T14:00:00Z"),
        ("day", "2026-02-11T00:00:00Z"),
        ("month", "2026-02-01T00:00:00Z"),
        ("quarter", "2026-01-01T00:00:00Z"),
        ("year", "2026-01-01T00:00:00Z"),
    ],
)
def test_values_belong_to_the_start_of_their_period(bob: TestClient, period: str, start: str) -> None:
    body = {"name": "m", "value": 1, "period": period, "date": "2026-02-11T14:30:00Z"}
    assert bob.post(f"{API}/metrics", json=body).json()["metric"]["date"] == start


def test_this_very_moment(vera: TestClient, shop: Shop) -> None:
    now = get(vera, "real-time-metrics")
    assert (now["activeUsers"], now["users"], now["events"]) == (1, 1, 4)
    assert len(now["eventsPerMinute"]) == 30
    assert {m["minute"]: m["count"] for m in now["eventsPerMinute"] if m["count"]} == {
        "2026-03-01T11:40:00Z": 1,
        "2026-03-01T11:50:00Z": 1,
        "2026-03-01T11:58:00Z": 2,
    }
    assert now["topPages"] == [{"page": "/a", "views": 1, "users": 1}]
    assert now["topEvents"][0] == {"event": "search", "count": 2, "users": 1}
    assert [e["event"] for e in now["recentEvents"]] == ["search", "$pageview", "purchase", "search"]


def test_dashboard(vera: TestClient, shop: Shop) -> None:
    board = get(vera, "dashboard", period="week")
    assert board["totals"] == {"totalEvents": 6, "totalUsers": 2, "totalSessions": 1, "totalPageViews": 1}
    assert board["growth"]["totalEvents"] == 500.0
    assert board["growth"]["totalPageViews"] is None
    assert board["activeUsers"]["wau"] == 2
    assert board["topEvents"][0]["event"] == "feature_used"


def test_features(vera: TestClient, shop: Shop) -> None:
    features = {f.pop("feature"): f for f in get(vera, "feature-usage", **{"from": "-7d"})["features"]}
    assert list(features) == ["export", "search", "purchase"]
    assert features["export"] == {
        "uses": 2,
        "users": 2,
        "adoptionRate": 100.0,
        "averageDuration": 3.0,
        "lastUsed": "2026-02-27T11:00:00Z",
    }
    assert [f["feature"] for f in get(vera, "feature-usage", feature="export")["features"]] == ["export"]


def test_sessions(vera: TestClient, shop: Shop) -> None:
    one = get(vera, "session", sessionId="s1")
    assert (one["start"], one["end"], one["duration"]) == ("2026-03-01T11:58:00Z", "2026-03-01T11:58:30Z", 30)
    assert (one["pages"], [e["event"] for e in one["events"]], one["pageViews"]) == (["/a"], ["$pageview", "search"], 1)
    of_ann = get(vera, "session", userId="ann-phone")
    assert [s["sessionId"] for s in of_ann["sessions"]] == ["s1"]
    assert get(vera, "session", userId="ben")["sessions"] == []
    assert vera.get(f"{API}/session", params={"sessionId": "s9"}).status_code == 404
    assert vera.get(f"{API}/session").json()["detail"] == "userId: is required, or sessionId"


@pytest.mark.parametrize(
    "path",
    [
        "metrics?action=conversion&startEvent=a",
        "metrics?action=retention",
        "metrics?action=retention&cohortDate=2026-03-02",
        "metrics?action=retention&cohortDate=lately",
        "metrics?action=growth",
        "metrics?action=guess",
        "metrics?action=active_users&period=year",
        "events?action=guess",
        "events?from=2026-03-01&to=2026-02-01",
        "events?limit=0",
        "events?event=%00",
        "funnels?action=results",
        "funnels?action=journey&name=x",
    ],
)
def test_questions_that_cannot_be_answered(vera: TestClient, path: str) -> None:
    answer = vera.get(f"{API}/{path}")
    assert answer.status_code == (404 if path.endswith("name=x") else 422), answer.text


def test_an_empty_project_has_zeros(vera: TestClient) -> None:
    assert get(vera, "events") | {"from": "", "to": ""} == {"events": [], "total": 0, "from": "", "to": ""}
    assert get(vera, "real-time-metrics")["activeUsers"] == 0
    assert get(vera, "dashboard")["totals"]["totalEvents"] == 0
    assert get(vera, "feature-usage")["features"] == []
    assert get(vera, "metrics", action="retention", cohortDate="2026-02-27")["cohortSize"] == 0


def test_what_comes_later_says_so(vera: TestClient) -> None:
    for path, area in (
        (f"{API}/ab-tests", "experiments"),
        ("/api/ab-testing", "experiments"),
        (f"{API}/role-system-dashboard", "programs"),
    ):
        answer = vera.get(path)
        assert (answer.status_code, answer.json()["code"]) == (501, "not_there_yet")
        assert area in answer.json()["detail"]
    assert vera.post(f"{API}/ab-tests", json={"action": "create"}).status_code == 501


def test_charlie_sees_nothing_of_acme(charlie: TestClient, bob: TestClient, world: World, shop: Shop) -> None:
    steps = [{"event": "search"}, {"event": "purchase"}]
    made = bob.post(f"{API}/funnels", json={"action": "create", "name": "F", "steps": steps}).json()["funnel"]
    bob.post(f"{API}/metrics", json={"name": "secret", "value": 1})
    for path in (
        "events",
        "metrics",
        "funnels",
        "real-time-metrics",
        "dashboard",
        "feature-usage",
        "session?userId=ann",
    ):
        link = "&" if "?" in path else "?"
        assert charlie.get(f"{API}/{path}{link}project={world.acme_id}").status_code == 404
    assert get(charlie, "events")["total"] == 0
    assert get(charlie, "metrics", name="secret")["metrics"] == get(charlie, "funnels")["funnels"] == []
    assert get(charlie, "session", userId="ann")["sessions"] == []
    assert charlie.get(f"{API}/session", params={"sessionId": "s1"}).status_code == 404
    number = made["id"]
    assert charlie.get(f"{API}/funnels", params={"action": "results", "funnelId": number}).status_code == 404
    off = charlie.post(f"{API}/funnels", json={"action": "deactivate", "funnelId": number})
    assert off.status_code == 404
    assert charlie.post(f"{API}/metrics?project={world.acme_id}", json={"name": "x", "value": 1}).status_code == 404


def test_funnels_in_their_names(bob: TestClient, vera: TestClient, shop: Shop) -> None:
    steps = [{"name": "Bought", "event": "purchase", "order": 2}, {"name": "Searched", "event": "search", "order": 1}]
    body = {"action": "create", "name": "Buying", "steps": steps, "timeWindow": 90}
    assert vera.post(f"{API}/funnels", json=body).status_code == 403
    made = bob.post(f"{API}/funnels", json=body).json()["funnel"]
    assert made["steps"] == list(reversed(steps))
    assert (made["timeWindow"], made["isActive"]) == (90, True)
    results = get(vera, "funnels", action="results", name="Buying", **{"from": "-30d"})
    assert [(s["users"], s["conversionRate"], s["dropoff"]) for s in results["steps"]] == [(2, 100.0, 0), (1, 50.0, 1)]
    assert (results["totalUsers"], results["convertedUsers"], results["bottleneck"]) == (2, 1, "Bought")
    lost = get(vera, "funnels", action="dropoff", funnelId=made["id"], **{"from": "-30d"})["dropoff"]
    assert [(d["fromStep"], d["toStep"], d["dropoffRate"]) for d in lost] == [("Searched", "Bought", 50.0)]
    journey = get(vera, "funnels", action="journey", name="Buying", userId="ann")
    assert (journey["completed"], journey["currentStep"]) == (True, "Bought")
    rate = get(vera, "funnels", action="conversion", name="Buying", **{"from": "-30d"})
    assert rate["conversionRate"] == 50.0
    assert bob.post(f"{API}/funnels", json={"action": "deactivate", "name": "Buying"}).json()["success"] is True
    assert get(vera, "funnels")["funnels"] == []
    assert len(get(vera, "funnels", includeInactive=True)["funnels"]) == 1


def test_funnels_come_in_pages(bob: TestClient) -> None:
    for name in ("One", "Two", "Three"):
        steps = [{"name": name, "event": name}, {"name": "Then", "event": "then"}]
        assert bob.post(f"{API}/funnels", json={"action": "create", "name": name, "steps": steps}).status_code == 200
    first = get(bob, "funnels", limit=2)
    assert [funnel["name"] for funnel in first["funnels"]] == ["Three", "Two"]
    second = get(bob, "funnels", limit=2, cursor=first["nextCursor"])
    assert ([funnel["name"] for funnel in second["funnels"]], second["nextCursor"]) == (["One"], None)
