"""One error shape, whatever goes wrong; hostile input never gives a 5xx."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from typing import Any

import pytest
from fastapi import APIRouter
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from northing.kernel.problems import Problem
from northing.server.db import Database
from northing.server.http import management_app, wrap_edge
from northing.server.http.bodies import MOST_BYTES
from tests.server.conftest import World

broken = APIRouter(prefix="/api/v1/broken")


@broken.get("/always")
def get_always() -> None:
    raise RuntimeError("the database password is hunter2")


@broken.get("/problem")
def get_problem() -> None:
    raise Problem(418, "teapot", "It is a \ud800 teapot.", "Use a kettle.", headers={"Retry-After": "5"})


@broken.get("/halfway")
def get_halfway() -> StreamingResponse:
    def parts() -> Any:
        yield b"first"
        raise RuntimeError("gone")

    return StreamingResponse(parts())


@pytest.fixture
def client(world: World) -> TestClient:
    return TestClient(management_app(world.context, routers=(broken,)))


def assert_problem(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    body = answer.json()
    assert {"type", "title", "status", "detail", "code"} <= set(body)
    assert (body["status"], body["code"]) == (status, code)
    assert answer.headers["x-request-id"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_fault_of_ours_tells_nothing_but_the_request_id(client: TestClient) -> None:
    with capture_logs() as logs:
        answer = client.get("/api/v1/broken/always")
    assert_problem(answer, 500, "internal_error")
    assert "hunter2" not in answer.text
    assert answer.headers["x-request-id"] in answer.json()["hint"]
    assert [(entry["event"], entry["path"]) for entry in logs if entry["log_level"] == "error"] == [
        ("request_failed", "/api/v1/broken/always")
    ]


def test_within_a_larger_app_errors_look_the_same(world: World) -> None:
    app = wrap_edge(management_app(world.context, routers=(broken,)), world.context.settings)
    with capture_logs():
        answer = TestClient(app).get("/api/v1/broken/always", headers={"X-Request-Id": "given-by-proxy"})
    assert_problem(answer, 500, "internal_error")
    assert answer.headers.get_list("x-request-id") == ["given-by-proxy"]
    assert_problem(TestClient(app).post("/api/v1/session", content=b"x" * (MOST_BYTES + 1)), 413, "body_too_large")


def test_a_problem_carries_its_status_hint_and_headers(client: TestClient) -> None:
    answer = client.get("/api/v1/broken/problem")
    assert_problem(answer, 418, "teapot")
    assert (answer.json()["hint"], answer.headers["retry-after"]) == ("Use a kettle.", "5")


def test_an_answer_that_breaks_off_is_not_passed_off_as_whole(client: TestClient) -> None:
    with pytest.raises(Problem), capture_logs():
        client.get("/api/v1/broken/halfway")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api", 404, "not_found"),
        ("POST", "/nothing", 404, "not_found"),
        ("PUT", "/api/v1/session", 405, "method_not_allowed"),
        ("GET", "/api/v1/account", 401, "not_signed_in"),
    ],
)
def test_what_is_not_there_is_a_problem_too(client: TestClient, method: str, path: str, status: int, code: str) -> None:
    assert_problem(client.request(method, path), status, code)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b"\xff\xfe", 400, "malformed_json"),
        (b"[" * 200_000, 400, "malformed_json"),
        (b"", 422, "invalid_request"),
        (b"[]", 422, "invalid_request"),
        (b"null", 422, "invalid_request"),
        (b'{"email": 1, "password": []}', 422, "invalid_request"),
        (b'{"email": "a\\u0000@b.c", "password": "x"}', 422, "invalid_request"),
        (b'{"email": "\\ud800@b.c", "password": "x"}', 422, "invalid_request"),
        (b'{"email": "a@b.c", "password": "\\ud800"}', 422, "invalid_request"),
        (b'{"email": "a@b.c", "password": NaN}', 422, "invalid_request"),
        (b'{"email": "a@b.c", "password": "x", "extra": 1}', 422, "invalid_request"),
        (b'{"email": "' + b"a" * 300 + b'@b.c", "password": "x"}', 422, "invalid_request"),
        (b'{"email": "a@b.c", "password": "' + b"x" * 2000 + b'"}', 422, "invalid_request"),
        (b"x" * (MOST_BYTES + 1), 413, "body_too_large"),
    ],
    ids=range(15),
)
def test_hostile_bodies_get_a_clear_answer(client: TestClient, body: bytes, status: int, code: str) -> None:
    answer = client.post("/api/v1/session", content=body, headers={"Content-Type": "application/json"})
    assert_problem(answer, status, code)


def test_json_that_is_not_called_json_says_what_to_send(client: TestClient) -> None:
    body = b'{"email": "a@b.c", "password": "x"}'
    for header in ({}, {"Content-Type": "application/x-www-form-urlencoded"}):
        answer = client.post("/api/v1/session", content=body, headers=header)
        assert_problem(answer, 422, "invalid_request")
        assert answer.json()["detail"] == "body: must be a JSON object"
        assert "Content-Type: application/json" in answer.json()["hint"]
    assert "hint" not in client.post("/api/v1/session", json=[1]).json()


def test_a_body_without_a_length_is_limited_too(client: TestClient) -> None:
    def parts() -> Any:
        for _ in range(20):
            yield b"x" * 100_000

    assert_problem(client.post("/api/v1/session", content=parts()), 413, "body_too_large")


def test_a_database_that_is_away_is_worth_another_try(world: World) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        away = Database(f"postgresql://nobody@127.0.0.1:{free.getsockname()[1]}/northing")
        app = management_app(replace(world.context, database=away))
        with capture_logs():
            answer = TestClient(app).get("/api/v1/instance")
    assert_problem(answer, 503, "database_unavailable")
    assert answer.headers["retry-after"] == "5"
    away.close()


def test_what_was_sent_is_not_repeated(client: TestClient) -> None:
    answer = client.post("/api/v1/session", json={"email": 5, "password": {"oops": "hunter2"}})
    assert_problem(answer, 422, "invalid_request")
    assert "hunter2" not in answer.text
    assert {error["path"] for error in answer.json()["errors"]} == {"email", "password"}


@pytest.mark.parametrize("number", ["0", "-1", "x", "1e3", "2147483648", "9" * 40, "٣", "1%00"])
def test_hostile_numbers_get_a_clear_answer(world: World, number: str) -> None:
    alice = world.client("alice")
    for path in (f"/api/v1/projects/{number}", f"/api/v1/keys?project={number}", f"/api/v1/account/sessions/{number}"):
        method = "DELETE" if "sessions" in path else "GET"
        assert_problem(alice.request(method, path), 422, "invalid_request")


@pytest.mark.parametrize(
    "cursor",
    ["x", "!!!!", "bnVsbA", "WyJ4Il0", "WzFd" * 100, "WzEsMl0", "Wy0xXQ", "W3RydWVd", "Wzk5OTk5OTk5OTk5OTk5XQ"],
)
def test_a_made_up_cursor_gets_a_clear_answer(world: World, cursor: str) -> None:
    answer = world.client("alice").get("/api/v1/audit", params={"cursor": cursor})
    assert_problem(answer, 422, "invalid_request")
    assert answer.json()["errors"][0]["path"] == "cursor"


@pytest.mark.parametrize("secret", ["", "nsk_", "nsk_\xff", "x" * 8000, "a b"])
def test_hostile_keys_get_a_clear_answer(world: World, secret: str) -> None:
    headers = {b"Authorization": b"Bearer " + secret.encode("latin-1")}
    assert_problem(world.anonymous().get("/api/v1/account", headers=headers), 401, "bad_key")


def test_a_project_token_in_place_of_a_key_is_told_apart(world: World) -> None:
    answer = world.anonymous().get("/api/v1/account", headers={"Authorization": f"Bearer {'0' * 32}"})
    assert_problem(answer, 401, "bad_key")
    assert "the project token can only send" in answer.json()["hint"]


def test_hostile_cookies_and_programs_do_no_harm(world: World) -> None:
    client = world.anonymous()
    for cookie in (b"northing_session=\xff\x00", b"northing_session=" + b"x" * 5000, b"===;;;northing_session"):
        assert_problem(client.get("/api/v1/account", headers={b"Cookie": cookie}), 401, "not_signed_in")
    body = {"email": "alice@example.com", "password": "a long enough secret"}
    answer = client.post("/api/v1/session", json=body, headers={b"User-Agent": b"\x00\xff" + b"z" * 5000})
    assert answer.status_code == 200


def test_names_are_plain_text(world: World) -> None:
    alice = world.client("alice")
    for name in ("a\x00b", "a\nb", "\x1b[31m", json.loads('"\\ud800"')):
        answer = alice.patch(
            "/api/v1/projects/1", content=json.dumps({"name": name}), headers={"Content-Type": "application/json"}
        )
        assert_problem(answer, 422, "invalid_request")
    assert alice.patch("/api/v1/projects/1", json={"name": "Ümläut 😀 <b>"}).json()["name"] == "Ümläut 😀 <b>"
