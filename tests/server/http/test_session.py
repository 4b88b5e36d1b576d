from __future__ import annotations

import time
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from northing.server.auth.attempts import MOST_PER_PAIR
from northing.server.auth.models import ApiKey, User, UserSession
from northing.server.auth.passwords import Passwords
from northing.server.auth.sessions import hash_secret
from northing.server.http import management_app
from northing.server.http.dependencies import COOKIE
from northing.server.settings import Settings
from tests.server.conftest import PASSWORD, World


def sign_in(client: TestClient, email: str = "alice@example.com", password: str = PASSWORD) -> int:
    return client.post("/api/v1/session", json={"email": email, "password": password}).status_code


def test_signing_in_gives_the_person_their_projects_and_a_cookie(world: World) -> None:
    client = world.anonymous()
    answer = client.post("/api/v1/session", json={"email": " Alice@Example.com ", "password": PASSWORD})
    assert answer.status_code == 200
    body = answer.json()
    assert body["user"]["email"] == "alice@example.com"
    assert [(project["name"], project["role"]) for project in body["projects"]] == [("Acme", "owner")]
    assert body["projects"][0]["website_id"] == "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa"
    assert client.get("/api/v1/session").json() == body


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(world: World) -> None:
    answer = world.anonymous().post("/api/v1/session", json={"email": "alice@example.com", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("northing_session=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Secure" not in cookie


@pytest.mark.parametrize(
    ("base_url", "public_url"), [("https://testserver", ""), ("http://testserver", "https://northing.example.com")]
)
def test_on_https_the_cookie_is_secure(world: World, base_url: str, public_url: str) -> None:
    settings = world.context.settings.model_copy(update={"public_url": public_url})
    client = TestClient(management_app(replace(world.context, settings=settings)), base_url=base_url)
    answer = client.post("/api/v1/session", json={"email": "alice@example.com", "password": PASSWORD})
    assert "Secure" in answer.headers["set-cookie"]


def test_only_the_hash_of_the_cookie_is_stored(world: World) -> None:
    client = world.anonymous()
    sign_in(client)
    with world.database.read() as session:
        assert session.scalars(select(UserSession.secret_hash)).one() == hash_secret(client.cookies[COOKIE])


def test_an_unknown_person_and_a_wrong_password_look_the_same(world: World) -> None:
    client = world.anonymous()
    wrong = client.post("/api/v1/session", json={"email": "alice@example.com", "password": "wrong password"})
    unknown = client.post("/api/v1/session", json={"email": "nobody@example.com", "password": "wrong password"})
    assert wrong.status_code == 401
    assert wrong.json() == unknown.json()


def test_guessing_is_limited_and_says_how_long_to_wait(world: World) -> None:
    client = world.anonymous()
    statuses = [sign_in(client, password="wrong password") for _ in range(MOST_PER_PAIR + 1)]
    assert statuses == [401] * MOST_PER_PAIR + [429]
    refused = client.post("/api/v1/session", json={"email": "alice@example.com", "password": PASSWORD})
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "900"
    world.clock.pass_by(minutes=15)
    assert sign_in(client) == 200


def test_signing_out_ends_the_session_on_the_server(world: World) -> None:
    client = world.client("alice")
    secret = client.cookies[COOKIE]
    answer = client.delete("/api/v1/session")
    assert answer.status_code == 204
    assert 'northing_session=""' in answer.headers["set-cookie"]
    client.cookies.clear()
    client.cookies.set(COOKIE, secret)
    assert client.get("/api/v1/session").status_code == 401


def test_signing_out_twice_does_no_harm(world: World) -> None:
    assert world.anonymous().delete("/api/v1/session").status_code == 204


def test_an_unused_session_expires_and_a_used_one_goes_on(world: World) -> None:
    client = world.client("alice")
    for _ in range(3):
        world.clock.pass_by(days=29)
        assert client.get("/api/v1/session").status_code == 200
    world.clock.pass_by(days=31)
    assert client.get("/api/v1/session").status_code == 401


def test_reading_writes_the_last_use_at_most_once_a_minute(world: World) -> None:
    client = world.client("alice")
    began = world.clock.now
    world.clock.pass_by(seconds=59)
    client.get("/api/v1/session")
    with world.database.read() as session:
        assert session.scalars(select(UserSession.last_seen_at)).one() == began
    world.clock.pass_by(seconds=1)
    client.get("/api/v1/session")
    with world.database.read() as session:
        assert session.scalars(select(UserSession.last_seen_at)).one() == world.clock.now


@pytest.mark.parametrize("by_key", [False, True])
def test_reading_goes_on_while_nothing_can_be_written(world: World, by_key: bool) -> None:
    client = world.bearer(world.key("project:read")) if by_key else world.client("alice")
    world.clock.pass_by(minutes=5)
    with world.database.transaction() as session:
        session.execute(update(UserSession).values(ip="held"))
        session.execute(update(ApiKey).values(name="held"))
        began = time.monotonic()
        statuses = [client.get("/api/v1/projects/1").status_code for _ in range(3)]
    assert statuses == [200, 200, 200]
    assert time.monotonic() - began < 5


def test_a_change_needs_the_csrf_token(world: World) -> None:
    client = world.client("alice")
    del client.headers["X-CSRF-Token"]
    for token in (b"", b"wrong", "ü".encode()):
        answer = client.patch("/api/v1/projects/1", json={"name": "Taken over"}, headers={b"X-CSRF-Token": token})
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    assert client.delete("/api/v1/session").status_code == 403
    assert client.get("/api/v1/projects/1").json()["name"] == "Acme"


def test_the_csrf_token_of_another_session_does_not_do(world: World) -> None:
    client = world.client("alice")
    client.headers["X-CSRF-Token"] = world.client("alice").headers["X-CSRF-Token"]
    assert client.patch("/api/v1/projects/1", json={"name": "x"}).status_code == 403


def test_a_bearer_key_needs_no_csrf_token_even_beside_a_cookie(world: World) -> None:
    client = world.bearer(world.key("project:write"))
    client.cookies.set(COOKIE, world.sign_in("charlie"))
    assert client.patch("/api/v1/projects/1", json={"name": "By key"}).status_code == 200


def test_a_bad_key_is_refused_even_beside_a_good_cookie(world: World) -> None:
    client = world.client("alice")
    client.headers["Authorization"] = "Bearer nsk_nothing_of_the_kind"
    answer = client.get("/api/v1/projects/1")
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_key")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/api/v1/session", "/api/v1/setup"])
def test_other_sites_cannot_sign_a_browser_in(world: World, path: str) -> None:
    answer = world.anonymous().post(path, json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code in (403, 422)
    answer = world.anonymous().post(
        "/api/v1/session",
        json={"email": "alice@example.com", "password": PASSWORD},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.json()["code"] == "cross_site"


def test_a_form_of_another_site_is_not_read_as_json(world: World) -> None:
    body = '{"email": "alice@example.com", "password": "' + PASSWORD + '"}'
    answer = world.anonymous().post("/api/v1/session", content=body, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 422


def test_a_hash_of_old_parameters_is_renewed_at_sign_in(world: World) -> None:
    stronger = Passwords(time_cost=2, memory_kib=16, parallelism=1)
    client = TestClient(management_app(replace(world.context, passwords=stronger)))
    assert sign_in(client) == 200
    with world.database.read() as session:
        renewed = session.scalars(select(User.password_hash).where(User.email == "alice@example.com")).one()
    assert not stronger.is_outdated(renewed)
    assert sign_in(client) == 200


def test_a_demo_shows_its_sign_in_and_others_do_not(world: World) -> None:
    plain = world.anonymous().get("/api/v1/instance").json()
    assert plain["needs_setup"] is False
    assert plain["signed_in"] is False
    assert "demo_sign_in" not in plain
    settings = Settings(demo=True, admin_email="demo@example.com", admin_password="shown to all")
    shown = TestClient(management_app(replace(world.context, settings=settings))).get("/api/v1/instance").json()
    assert shown["demo_sign_in"] == {"email": "demo@example.com", "password": "shown to all"}


def test_the_instance_knows_whether_someone_is_signed_in(world: World) -> None:
    assert world.client("bob").get("/api/v1/instance").json()["signed_in"] is True
