"""What clients of the source systems send, to a real server."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from tests.support.server import KEY, TOKEN, Server

EVENTS, FUNNELS = "/api/analytics/events", "/api/analytics/funnels"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
STEPS = [{"name": "Bought", "event": "bought", "order": 9}, {"name": "Looked", "event": "looked", "order": 3}]


def make_funnel(server: Server, name: str) -> int:
    made = server.api("POST", FUNNELS, {"action": "create", "name": name, "steps": STEPS})
    return int(made["funnel"]["id"])


def counted(server: Server, event: str) -> list[list[Any]]:
    server.wait_loaded()
    return server.rows(f"SELECT distinct_id, session_id, path, referrer_host FROM events WHERE event = '{event}'")


@pytest.mark.parametrize(
    ("path", "headers", "fields"),
    [
        (EVENTS, BEARER, {}),
        (EVENTS, {"x-api-key": TOKEN}, {}),
        (f"{EVENTS}?token={TOKEN}", {}, {}),
        (EVENTS + "/", {}, {"token": TOKEN}),
    ],
)
def test_every_way_to_give_the_token(
    server: Server, path: str, headers: dict[str, str], fields: dict[str, str]
) -> None:
    status, answer = server.request("POST", path, {"event": "e", "userId": "u", **fields}, headers=headers)
    assert (status, answer["success"], answer["accepted"]) == (200, True, 1)


def test_what_is_sent_is_stored(server: Server) -> None:
    body = {
        "event": "stored",
        "userId": "alice",
        "sessionId": "s",
        "page": "https://a.test/p",
        "referrer": "https://b.test/",
    }
    for _ in range(2):
        once = {**body, "id": "01890a5d-ac96-774b-bcce-b302099a8057"}
        assert server.request("POST", EVENTS, once, headers=BEARER)[1]["id"] == once["id"]
    assert counted(server, "stored") == [["alice", "s", "/p", "b.test"]]


def test_packed_bodies_are_read(server: Server) -> None:
    body = gzip.compress(json.dumps([{"event": "packed", "sessionId": "s"}]).encode())
    status, _ = server.request("POST", EVENTS, body, headers={**BEARER, "Content-Encoding": "gzip"})
    assert status == 200
    assert [row[0] for row in counted(server, "packed")] == ["anonymous:s"]


def test_the_good_ones_of_a_batch_are_kept(server: Server) -> None:
    batch = [{"event": "good", "userId": "a"}, {"userId": "b"}, 7, {"event": "good", "userId": "c", "odd": 1}]
    status, answer = server.request("POST", EVENTS, {"events": batch}, headers=BEARER)
    assert (status, answer["accepted"]) == (200, 2)
    assert len(answer["warnings"]) == 3
    assert len(counted(server, "good")) == 2


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", BEARER, 400),
        (b"", BEARER, 400),
        (b"[]", BEARER, 400),
        (b'{"userId": "u"}', BEARER, 400),
        (b'{"event": "e"}', {}, 401),
        (b'{"event": "e"}', {"x-api-key": "0" * 32}, 401),
        (b'{"event": "e", "properties": "' + b"x" * (1 << 20) + b'"}', BEARER, 413),
    ],
)
def test_what_is_refused(server: Server, body: bytes, headers: dict[str, str], status: int) -> None:
    found, problem = server.request("POST", EVENTS, body, headers=headers)
    assert found == status
    assert problem["code"]


def test_the_token_reads_nothing(server: Server) -> None:
    for path in (EVENTS, FUNNELS, "/api/analytics/dashboard", "/api/analytics/session?userId=alice"):
        assert server.request("GET", path, headers=BEARER)[0] == 401
    body = {"action": "create", "name": "x", "steps": STEPS}
    assert server.request("POST", FUNNELS, body, headers=BEARER)[0] == 401
    assert server.request("POST", "/api/analytics/metrics", {"name": "x", "value": 1}, headers=BEARER)[0] == 401


def test_pages_of_other_sites_may_send(server: Server) -> None:
    headers = {"Origin": "https://shop.test", "Access-Control-Request-Headers": "x-api-key"}
    assert server.request("OPTIONS", EVENTS, headers=headers)[0] == 204
    assert server.request("OPTIONS", FUNNELS, headers=headers)[0] == 204


def test_a_tracked_step_is_its_event(server: Server) -> None:
    number = make_funnel(server, "Steps")
    for step in ("Looked", "looked", 1):
        body = {"action": "track", "funnelId": number, "step": step, "userId": f"u{step}"}
        assert server.request("POST", FUNNELS, body, headers=BEARER)[0] == 200
    body = {"action": "track", "funnelId": str(number), "order": 2, "userId": "u1", "token": TOKEN}
    assert server.request("POST", FUNNELS, body)[0] == 200
    server.wait_loaded()
    results = server.api("GET", f"{FUNNELS}?action=results&funnelId={number}")
    assert [(s["name"], s["users"]) for s in results["steps"]] == [("Looked", 3), ("Bought", 1)]
    rows = server.rows("SELECT properties.funnel_step::String FROM events WHERE event = 'bought'")
    assert rows == [["Bought"]]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"step": "Looked"}, 422),
        ({"step": "Elsewhere", "userId": "u"}, 422),
        ({"userId": "u"}, 422),
        ({"step": "Looked", "userId": "u", "name": "No such"}, 404),
        ({"step": "Looked", "userId": "u", "name": "x" * 5000}, 422),
        ({"step": "Looked", "userId": "u", "funnelId": 10**30}, 404),
        ({"step": "Looked", "userId": "u", "name": None}, 422),
    ],
)
def test_steps_that_are_none(server: Server, fields: dict[str, Any], status: int) -> None:
    make_funnel(server, "Refusing")
    body = {"action": "track", "name": "Refusing", **fields}
    found, problem = server.request("POST", FUNNELS, body, headers=BEARER)
    assert (found, bool(problem["code"])) == (status, True)


def test_inactive_funnels_and_other_projects(server: Server) -> None:
    number = make_funnel(server, "Over")
    server.api("POST", FUNNELS, {"action": "deactivate", "funnelId": number})
    body = {"action": "track", "funnelId": number, "step": "Looked", "userId": "u"}
    assert server.request("POST", FUNNELS, body, headers=BEARER)[0] == 409
    other = server.api("POST", "/api/v1/projects", {"name": "Rival"})
    rival = {"Authorization": f"Bearer {other['token']}"}
    assert server.request("POST", FUNNELS, body, headers=rival)[0] == 404
    assert server.request("POST", FUNNELS, body)[0] == 401
    assert (
        server.request("DELETE", f"/api/v1/projects/{other['id']}", headers={"Authorization": f"Bearer {KEY}"})[0] < 300
    )
