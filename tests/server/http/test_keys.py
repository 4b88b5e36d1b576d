from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from northing.server.auth.models import ApiKey
from northing.server.auth.sessions import hash_secret
from tests.server.conftest import World

KEYS = "/api/v1/projects/1/keys"


def test_a_secret_is_shown_once_and_stored_as_a_hash(world: World) -> None:
    adam = world.client("adam")
    made = adam.post(KEYS, json={"name": "CI", "scopes": ["query:read", "query:read"]}).json()
    assert made["secret"].startswith("nsk_")
    assert made["last_four"] == made["secret"][-4:]
    assert made["scopes"] == ["query:read"]
    listed = adam.get(KEYS)
    assert [key["name"] for key in listed.json()["items"]] == ["CI"]
    assert made["secret"] not in listed.text
    with world.database.read() as session:
        row = session.scalars(select(ApiKey)).one()
    assert row.secret_hash == hash_secret(made["secret"])


def test_a_key_stops_when_deleted(world: World) -> None:
    secret = world.key("project:read")
    assert world.bearer(secret).get("/api/v1/projects/1").status_code == 200
    world.client("alice").delete(f"{KEYS}/1")
    assert world.bearer(secret).get("/api/v1/projects/1").status_code == 401


def test_a_key_stops_when_it_expires(world: World) -> None:
    client = world.bearer(world.key("project:read", expires_at=world.clock.now + timedelta(days=1)))
    assert client.get("/api/v1/projects/1").status_code == 200
    world.clock.pass_by(days=1)
    assert client.get("/api/v1/projects/1").status_code == 401


@pytest.mark.parametrize(
    "expires_at",
    ["2020-01-01T00:00:00Z", "2027-01-01T00:00:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "soon"],
)
def test_an_expiry_that_makes_no_sense_is_refused(world: World, expires_at: str) -> None:
    body = {"name": "x", "scopes": ["query:read"], "expires_at": expires_at}
    answer = world.client("alice").post(KEYS, json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "expires_at"


def test_nobody_gives_a_scope_they_lack(world: World) -> None:
    adam = world.client("adam")
    assert adam.post(KEYS, json={"name": "x", "scopes": ["*"]}).status_code == 403
    assert world.client("alice").post(KEYS, json={"name": "x", "scopes": ["*"]}).status_code == 201
    key = world.bearer(world.key("keys:write", "query:read"))
    assert key.post(KEYS, json={"name": "x", "scopes": ["query:read"]}).status_code == 201
    assert key.post(KEYS, json={"name": "x", "scopes": ["events:read"]}).status_code == 403


def test_unknown_scopes_are_named(world: World) -> None:
    answer = world.client("alice").post(KEYS, json={"name": "x", "scopes": ["query:read", "query:write"]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "scopes.1"
    assert world.client("alice").post(KEYS, json={"name": "x", "scopes": []}).status_code == 422


def test_the_last_use_is_noted_at_most_once_a_minute(world: World) -> None:
    client = world.bearer(world.key("project:read"))
    client.get("/api/v1/projects/1")
    first = world.clock.now
    world.clock.pass_by(seconds=30)
    client.get("/api/v1/projects/1")
    with world.database.read() as session:
        assert session.scalars(select(ApiKey.last_used_at)).one() == first


def test_a_key_goes_on_when_the_person_who_made_it_leaves(world: World) -> None:
    secret = world.client("adam").post(KEYS, json={"name": "CI", "scopes": ["project:read"]}).json()["secret"]
    world.client("alice").delete(f"/api/v1/projects/1/members/{world.user_id('adam')}")
    assert world.bearer(secret).get("/api/v1/projects/1").status_code == 200
