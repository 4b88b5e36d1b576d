from __future__ import annotations

from tests.server.conftest import LOCAL_KEY, PASSWORD, World


def test_a_person_can_change_their_name(world: World) -> None:
    bob = world.client("bob")
    assert bob.patch("/api/v1/account", json={"name": "Robert"}).json()["name"] == "Robert"
    assert bob.get("/api/v1/account").json()["name"] == "Robert"


def test_a_new_password_needs_the_old_one_and_ends_other_sign_ins(world: World) -> None:
    here, elsewhere, alice = world.client("bob"), world.client("bob"), world.client("alice")
    change = {"current_password": "not it at all", "new_password": "quite another secret"}
    refused = here.post("/api/v1/account/password", json=change)
    assert refused.json()["errors"][0]["path"] == "current_password"
    assert here.post("/api/v1/account/password", json=change | {"current_password": PASSWORD}).status_code == 204
    assert here.get("/api/v1/account").status_code == 200
    assert elsewhere.get("/api/v1/account").status_code == 401
    assert alice.get("/api/v1/account").status_code == 200
    credentials = {"email": "bob@example.com", "password": "quite another secret"}
    assert world.anonymous().post("/api/v1/session", json=credentials).status_code == 200
    credentials["password"] = PASSWORD
    assert world.anonymous().post("/api/v1/session", json=credentials).status_code == 401


def test_a_weak_new_password_is_refused(world: World) -> None:
    body = {"current_password": PASSWORD, "new_password": "password123"}
    answer = world.client("bob").post("/api/v1/account/password", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "new_password")


def test_a_stolen_cookie_cannot_guess_the_password_for_long(world: World) -> None:
    bob = world.client("bob")
    body = {"current_password": "a guess", "new_password": "quite another secret"}
    statuses = [bob.post("/api/v1/account/password", json=body).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_a_person_sees_and_ends_their_own_sign_ins_only(world: World) -> None:
    here, elsewhere, alice = world.client("bob"), world.client("bob"), world.client("alice")
    items = here.get("/api/v1/account/sessions").json()["items"]
    assert [item["current"] for item in items].count(True) == 1
    assert len(items) == 2
    other = next(item["id"] for item in items if not item["current"])
    assert alice.delete(f"/api/v1/account/sessions/{other}").status_code == 404
    assert here.delete(f"/api/v1/account/sessions/{other}").status_code == 204
    assert elsewhere.get("/api/v1/account").status_code == 401


def test_keys_have_no_account(world: World) -> None:
    assert world.bearer(world.key("*")).get("/api/v1/account").status_code == 403
    assert world.bearer(LOCAL_KEY).get("/api/v1/account").status_code == 403
