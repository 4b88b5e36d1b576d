"""What surrounds every request: ids, security headers, the caller's address behind proxies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from northing.server.http import management_app
from northing.server.http.client_address import ClientAddress, parse_address, parse_networks
from tests.server.conftest import World

EXPECTED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


@pytest.mark.parametrize(
    "path", ["/api/v1/instance", "/api/v1/nothing", "/api/v1/account", "/docs", "/openapi.json", "/"]
)
def test_every_answer_has_the_security_headers(world: World, path: str) -> None:
    headers = world.anonymous().get(path).headers
    assert EXPECTED.items() <= dict(headers).items()
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers


def test_private_answers_are_not_kept_by_anyone(world: World) -> None:
    assert world.client("alice").get("/api/v1/session").headers["cache-control"] == "no-store"


def test_https_is_remembered_for_a_year(world: World) -> None:
    app = management_app(world.context)
    assert "strict-transport-security" not in TestClient(app).get("/docs").headers
    secure = TestClient(app, base_url="https://testserver").get("/docs").headers
    assert secure["strict-transport-security"] == "max-age=31536000"


def test_every_request_has_an_id_of_its_own(world: World) -> None:
    client = world.anonymous()
    ids = {client.get("/api/v1/instance").headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-123_456.x", True), ("short", False), ("a b c d e f", False), ("x" * 65, False)]
)
def test_a_sensible_id_of_the_caller_is_kept(world: World, given: str, kept: bool) -> None:
    answer = world.anonymous().get("/api/v1/instance", headers={"X-Request-Id": given})
    assert (answer.headers["x-request-id"] == given) is kept


async def show_caller(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope)
    await JSONResponse([request.client.host if request.client else None, request.url.scheme])(scope, receive, send)


def seen(peer: str, trusted: str, **headers: Any) -> list[str]:
    app = ClientAddress(ClientAddress(show_caller, trusted=()), trusted=parse_networks(trusted))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    found: list[str] = TestClient(app, client=(peer, 1)).get("/", headers=named).json()
    return found


@pytest.mark.parametrize(
    ("peer", "trusted", "forwarded", "address"),
    [
        ("192.0.2.9", "", "203.0.113.7", "192.0.2.9"),
        ("192.0.2.9", "127.0.0.1", "203.0.113.7", "192.0.2.9"),
        ("127.0.0.1", "127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "127.0.0.1", "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "127.0.0.1,10.0.0.0/8", "6.6.6.6, 203.0.113.7, 10.1.2.3", "203.0.113.7"),
        ("::ffff:127.0.0.1", "127.0.0.1", "203.0.113.7:4711", "203.0.113.7"),
        ("127.0.0.1", "127.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("127.0.0.1", "127.0.0.1", "203.0.113.7, rubbish", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1,10.0.0.0/8", "rubbish, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_only_trusted_proxies_are_believed(peer: str, trusted: str, forwarded: str, address: str) -> None:
    assert seen(peer, trusted, X_Forwarded_For=forwarded)[0] == address


def test_a_trusted_proxy_says_whether_it_was_https() -> None:
    assert seen("127.0.0.1", "127.0.0.1", X_Forwarded_Proto="https")[1] == "https"
    assert seen("127.0.0.1", "", X_Forwarded_Proto="https")[1] == "http"
    assert seen("127.0.0.1", "127.0.0.1", X_Forwarded_Proto="gopher")[1] == "http"


@pytest.mark.parametrize("text", ["", "localhost", "1.2.3", "1.2.3.4.5", "[::1", "fe80::1%eth0%", "unknown", "_hidden"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert parse_address(text) is None or text == "[::1"


def test_the_audit_log_has_the_address_behind_the_proxy(world: World) -> None:
    settings = world.context.settings.model_copy(update={"trusted_proxies": "10.0.0.1"})
    client = TestClient(management_app(replace(world.context, settings=settings)), client=("10.0.0.1", 1))
    client.headers.update({"Authorization": f"Bearer {world.key('*')}", "X-Forwarded-For": "203.0.113.7"})
    client.patch("/api/v1/projects/1", json={"name": "x"})
    assert client.get("/api/v1/audit").json()["items"][0]["ip"] == "203.0.113.7"
