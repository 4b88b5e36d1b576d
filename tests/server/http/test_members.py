from __future__ import annotations

import threading

from tests.server.conftest import PASSWORD, World

MEMBERS = "/api/v1/projects/1/members"


def roles(world: World) -> dict[str, str]:
    items = world.client("vera").get(MEMBERS).json()["items"]
    return {member["user"]["email"].partition("@")[0]: member["role"] for member in items}


def test_members_see_each_other(world: World) -> None:
    assert roles(world) == {"alice": "owner", "adam": "admin", "bob": "analyst", "vera": "viewer"}


def test_a_new_person_gets_a_password_that_is_shown_once_and_works(world: World) -> None:
    added = world.client("adam").post(MEMBERS, json={"email": "New@Example.com", "role": "analyst"}).json()
    assert added["user"]["email"] == "new@example.com"
    credentials = {"email": "new@example.com", "password": added["initial_password"]}
    answer = world.anonymous().post("/api/v1/session", json=credentials)
    assert [project["name"] for project in answer.json()["projects"]] == ["Acme"]


def test_a_given_password_is_kept_and_not_shown(world: World) -> None:
    body = {"email": "new@example.com", "role": "viewer", "password": "chosen by adam"}
    added = world.client("adam").post(MEMBERS, json=body)
    assert "initial_password" not in added.json()
    credentials = {"email": "new@example.com", "password": "chosen by adam"}
    assert world.anonymous().post("/api/v1/session", json=credentials).status_code == 200


def test_a_person_with_an_account_joins_with_it(world: World) -> None:
    alice = world.client("alice")
    body = {"email": "charlie@example.com", "role": "viewer"}
    assert alice.post(MEMBERS, json=body | {"password": "taken over now"}).status_code == 422
    added = alice.post(MEMBERS, json=body)
    assert added.status_code == 201
    assert "initial_password" not in added.json()
    assert world.client("charlie").get("/api/v1/projects/1").json()["role"] == "viewer"
    credentials = {"email": "charlie@example.com", "password": PASSWORD}
    assert world.anonymous().post("/api/v1/session", json=credentials).status_code == 200


def test_nobody_joins_twice(world: World) -> None:
    answer = world.client("alice").post(MEMBERS, json={"email": "bob@example.com", "role": "viewer"})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_member")


def test_only_owners_make_and_unmake_owners(world: World) -> None:
    adam, alice_id, bob_id = world.client("adam"), world.user_id("alice"), world.user_id("bob")
    assert adam.post(MEMBERS, json={"email": "x@example.com", "role": "owner"}).status_code == 403
    assert adam.patch(f"{MEMBERS}/{bob_id}", json={"role": "owner"}).status_code == 403
    assert adam.patch(f"{MEMBERS}/{alice_id}", json={"role": "viewer"}).status_code == 403
    assert adam.delete(f"{MEMBERS}/{alice_id}").status_code == 403
    assert adam.patch(f"{MEMBERS}/{bob_id}", json={"role": "admin"}).status_code == 200
    assert roles(world)["bob"] == "admin"


def test_the_last_owner_stays(world: World) -> None:
    alice, alice_id = world.client("alice"), world.user_id("alice")
    for answer in (alice.delete(f"{MEMBERS}/{alice_id}"), alice.patch(f"{MEMBERS}/{alice_id}", json={"role": "admin"})):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    alice.patch(f"{MEMBERS}/{world.user_id('bob')}", json={"role": "owner"})
    assert alice.delete(f"{MEMBERS}/{alice_id}").status_code == 204


def test_two_owners_cannot_remove_each_other(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    alice.patch(f"{MEMBERS}/{world.user_id('bob')}", json={"role": "owner"})
    paths = {alice: f"{MEMBERS}/{world.user_id('bob')}", bob: f"{MEMBERS}/{world.user_id('alice')}"}
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda c=client, p=path: statuses.append(c.delete(p).status_code))
        for client, path in paths.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses)[0] == 204
    assert "owner" in roles(world).values()


def test_anyone_may_leave_and_none_but_admins_remove(world: World) -> None:
    vera = world.client("vera")
    assert vera.delete(f"{MEMBERS}/{world.user_id('bob')}").status_code == 403
    assert world.client("bob").delete(f"{MEMBERS}/{world.user_id('bob')}").status_code == 204
    assert "bob" not in roles(world)


def test_one_new_person_invited_by_two_projects_at_once_gets_one_account(world: World) -> None:
    acme, rival = world.client("alice"), world.client("charlie")
    statuses: list[int] = []
    together = threading.Barrier(2)

    def invite(client: object, path: str) -> None:
        together.wait()
        body = {"email": "new@example.com", "role": "viewer"}
        statuses.append(client.post(path, json=body).status_code)  # type: ignore[attr-defined]

    threads = [
        threading.Thread(target=invite, args=(acme, MEMBERS)),
        threading.Thread(target=invite, args=(rival, "/api/v1/projects/2/members")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [201, 201]
