from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from northing.server.http import Context, management_app

BODY = {
    "email": "alice@example.com",
    "password": "a long enough secret",
    "project_name": "Acme",
    "timezone": "Europe/Berlin",
}


@pytest.fixture
def client(context: Context) -> TestClient:
    return TestClient(management_app(context))


def test_the_first_visit_makes_an_owner_who_is_signed_in(client: TestClient, context: Context) -> None:
    assert client.get("/api/v1/instance").json()["needs_setup"] is True
    answer = client.post("/api/v1/setup", json=BODY)
    assert answer.status_code == 201
    body = answer.json()
    assert (body["user"]["name"], body["project"]["role"], body["project"]["id"]) == ("alice", "owner", 1)
    assert context.tokens.lookup(body["project"]["token"]) is not None
    client.headers["X-CSRF-Token"] = body["csrf_token"]
    assert client.patch("/api/v1/projects/1", json={"name": "Acme Ltd"}).status_code == 200
    assert client.get("/api/v1/instance").json()["needs_setup"] is False


def test_there_is_no_second_set_up(client: TestClient) -> None:
    client.post("/api/v1/setup", json=BODY)
    again = client.post("/api/v1/setup", json=BODY | {"email": "mallory@example.com"})
    assert (again.status_code, again.json()["code"]) == (409, "already_set_up")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "a\x00@example.com"),
        ("password", "short"),
        ("project_name", " "),
        ("timezone", "Europe"),
        ("timezone", "/etc/passwd"),
        ("timezone", "Europe/Berlin\x00"),
    ],
)
def test_what_cannot_be_used_is_named(client: TestClient, field: str, value: str) -> None:
    answer = client.post("/api/v1/setup", json=BODY | {field: value})
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == [field]
