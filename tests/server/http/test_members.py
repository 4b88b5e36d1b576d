from __future__ import annotations

import threading

from northing.server.auth.members import put_membership
from northing.server.auth.models import User
from northing.server.auth.roles import Role
from northing.server.auth.work import Work
from tests.server.conftest import LOCAL_KEY, PASSWORD, World

MEMBERS = "/api/v1/projects/1/members"


def roles(world: World) -> dict[str, str]:
    items = world.client("vera").get(MEMBERS).json()["items"]
    return {member["user"]["email"].partition("@")[0]: member["role"] for member in items}


def sign_in(world: World, email: str, password: str) -> int:
    credentials = {"email": email, "password": password}
    return world.anonymous().post("/api/v1/session", json=credentials).status_code


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


def test_a_person_with_an_account_joins_another_project_of_those_who_made_it(world: World) -> None:
    alice = world.client("alice")
    second = alice.post("/api/v1/projects", json={"name": "Second", "timezone": "UTC"}).json()["id"]
    body = {"email": "bob@example.com", "role": "viewer"}
    assert alice.post(f"/api/v1/projects/{second}/members", json=body | {"password": "taken over"}).status_code == 422
    added = alice.post(f"/api/v1/projects/{second}/members", json=body)
    assert added.status_code == 201
    assert "initial_password" not in added.json()
    assert world.client("bob").get(f"/api/v1/projects/{second}").json()["role"] == "viewer"
    assert sign_in(world, "bob@example.com", PASSWORD) == 200


def test_an_account_made_by_another_tenant_cannot_be_taken_in(world: World) -> None:
    prepared = {"email": "dora@example.com", "role": "viewer", "password": "known to charlie"}
    world.client("charlie").post("/api/v1/projects/2/members", json=prepared)
    for email in ("dora@example.com", "charlie@example.com"):
        answer = world.client("alice").post(MEMBERS, json={"email": email, "role": "viewer"})
        assert (answer.status_code, answer.json()["code"]) == (409, "account_elsewhere")
        assert "Rival" not in answer.text
    assert set(roles(world)) == {"alice", "adam", "bob", "vera"}


def test_members_of_both_projects_who_may_not_change_them_do_not_answer_for_an_account(world: World) -> None:
    vera = world.client("vera")
    with world.database.transaction() as session:
        work = Work(session, world.actor("charlie"), world.clock())
        put_membership(work, 2, user=session.get_one(User, world.user_id("vera")), role=Role.OWNER)
    answer = vera.post("/api/v1/projects/2/members", json={"email": "bob@example.com", "role": "viewer"})
    assert answer.json()["code"] == "account_elsewhere"


def test_the_administrator_of_the_server_takes_an_account_back_with_a_new_password(world: World) -> None:
    prepared = {"email": "dora@example.com", "role": "viewer", "password": "known to charlie"}
    world.client("charlie").post("/api/v1/projects/2/members", json=prepared)
    charlie_as_dora = world.client("dora")
    local = world.bearer(LOCAL_KEY)
    assert local.post(MEMBERS, json=prepared | {"password": "known to dora only"}).status_code == 201
    assert charlie_as_dora.get("/api/v1/account").status_code == 401
    assert sign_in(world, "dora@example.com", "known to charlie") == 401
    assert sign_in(world, "dora@example.com", "known to dora only") == 200
    actions = [entry["action"] for entry in world.client("alice").get("/api/v1/projects/1/audit").json()["items"]]
    assert actions[:2] == ["member.added", "account.password_reset"]


def test_a_key_gives_no_role_that_can_do_more_than_itself(world: World) -> None:
    known = {"email": "new@example.com", "role": "admin", "password": "known to the key"}
    for scopes in (["members:write"], ["members:write", "query:read", "events:read", "project:read"]):
        key = world.bearer(world.key(*scopes))
        assert key.post(MEMBERS, json=known).status_code == 403
        assert key.patch(f"{MEMBERS}/{world.user_id('bob')}", json={"role": "admin"}).status_code == 403
        expected = 403 if len(scopes) == 1 else 201
        assert key.post(MEMBERS, json={"email": "new@example.com", "role": "viewer"}).status_code == expected


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
    assert sorted(statuses) == [201, 409]
