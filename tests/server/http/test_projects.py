from __future__ import annotations

from tests.server.conftest import ACME_TOKEN, LOCAL_KEY, World


def test_whoever_makes_a_project_owns_it(world: World) -> None:
    alice = world.client("alice")
    answer = alice.post("/api/v1/projects", json={"name": "Second", "timezone": "Asia/Tokyo", "keep_ip": "drop"})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["role"], made["timezone"], made["keep_ip"], len(made["token"])) == ("owner", "Asia/Tokyo", "drop", 32)
    assert world.context.tokens.lookup(made["token"]) is not None
    assert [project["name"] for project in alice.get("/api/v1/projects").json()["items"]] == ["Acme", "Second"]
    assert world.client("bob").get(f"/api/v1/projects/{made['id']}").status_code == 404


def test_members_who_only_look_on_cannot_make_projects(world: World) -> None:
    assert world.client("bob").post("/api/v1/projects", json={"name": "x"}).status_code == 403
    assert world.bearer(world.key("*")).post("/api/v1/projects", json={"name": "x"}).status_code == 403
    assert world.bearer(LOCAL_KEY).post("/api/v1/projects", json={"name": "x"}).status_code == 201


def test_only_given_fields_change(world: World) -> None:
    alice = world.client("alice")
    before = alice.get("/api/v1/projects/1").json()
    changed = alice.patch("/api/v1/projects/1", json={"retention_days": 90, "week_start": "sunday"}).json()
    assert changed == before | {"retention_days": 90, "week_start": "sunday"}
    assert alice.patch("/api/v1/projects/1", json={"retention_days": None}).json()["retention_days"] is None


def test_bad_values_are_named(world: World) -> None:
    alice = world.client("alice")
    bad = {"name": "", "timezone": "Nowhere/At/All", "week_start": "friday", "retention_days": 0, "keep_ip": "all"}
    for field, value in bad.items():
        answer = alice.patch("/api/v1/projects/1", json={field: value})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["path"] == field
    assert alice.patch("/api/v1/projects/1", json={"name": None}).status_code == 422
    assert alice.patch("/api/v1/projects/1", json={"colour": "red"}).status_code == 422


def test_a_new_token_replaces_the_old_one_at_once(world: World) -> None:
    token = world.client("alice").post("/api/v1/projects/1/token").json()["token"]
    assert world.context.tokens.lookup(token) is not None
    assert world.context.tokens.lookup(ACME_TOKEN) is None


def test_a_deleted_project_takes_no_more_events(world: World) -> None:
    assert world.client("alice").delete("/api/v1/projects/1").status_code == 204
    assert world.context.tokens.lookup(ACME_TOKEN) is None


def test_someone_left_without_a_project_may_start_anew(world: World) -> None:
    alice = world.client("alice")
    alice.delete("/api/v1/projects/1")
    made = alice.post("/api/v1/projects", json={"name": "Again"})
    assert made.status_code == 201
    assert made.json()["id"] == 3


def test_lists_come_in_pages(world: World) -> None:
    alice = world.client("alice")
    for name in ("b", "c", "d", "e"):
        alice.post("/api/v1/projects", json={"name": name})
    names: list[str] = []
    cursor = None
    for _ in range(3):
        page = alice.get("/api/v1/projects", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        names += [project["name"] for project in page["items"]]
        cursor = page["next_cursor"]
    assert names == ["Acme", "b", "c", "d", "e"]
    assert cursor is None


def test_the_local_command_line_sees_every_project(world: World) -> None:
    page = world.bearer(LOCAL_KEY).get("/api/v1/projects").json()
    assert [project["name"] for project in page["items"]] == ["Acme", "Rival"]


def test_the_short_form_needs_a_project_where_there_are_several(world: World) -> None:
    local = world.bearer(LOCAL_KEY)
    answer = local.get("/api/v1/keys")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "project"
    assert local.get("/api/v1/keys", params={"project": 2}).status_code == 200
    assert local.get("/api/v1/keys", params={"project": 7}).status_code == 404
    assert local.get("/api/v1/projects/1/keys").status_code == 200


def test_the_short_form_takes_the_only_project_of_a_person_and_of_a_key(world: World) -> None:
    assert world.client("alice").get("/api/v1/keys").status_code == 200
    assert world.bearer(world.key("keys:write")).get("/api/v1/keys").status_code == 200
