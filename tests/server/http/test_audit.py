from __future__ import annotations

from typing import Any

from sqlalchemy import select

from northing.server.auth.attempts import MOST_PER_PAIR
from northing.server.auth.models import AuditEntry
from tests.server.conftest import PASSWORD, World


def entries(world: World) -> list[dict[str, Any]]:
    page = world.client("alice").get("/api/v1/projects/1/audit").json()
    return list(page["items"])


def test_every_change_of_a_project_leaves_an_entry(world: World) -> None:
    alice, vera = world.client("alice"), world.user_id("vera")
    before = len(entries(world))
    alice.patch("/api/v1/projects/1", json={"timezone": "Asia/Tokyo"})
    alice.post("/api/v1/projects/1/token")
    alice.post("/api/v1/projects/1/members", json={"email": "new@example.com", "role": "viewer"})
    alice.patch(f"/api/v1/projects/1/members/{vera}", json={"role": "analyst"})
    alice.delete(f"/api/v1/projects/1/members/{vera}")
    alice.post("/api/v1/projects/1/keys", json={"name": "CI", "scopes": ["query:read"]})
    alice.delete("/api/v1/projects/1/keys/1")
    made = entries(world)[:-before]
    assert [entry["action"] for entry in reversed(made)] == [
        "project.changed",
        "project.token_rotated",
        "account.created",
        "member.added",
        "member.role_changed",
        "member.removed",
        "key.created",
        "key.deleted",
    ]
    assert {(entry["actor_kind"], entry["actor_name"]) for entry in made} == {("user", "alice@example.com")}
    assert made[-1]["details"] == {"timezone": ["UTC", "Asia/Tokyo"]}
    assert made[-1]["ip"] == "testclient"


def test_a_refused_change_leaves_none(world: World) -> None:
    before = entries(world)
    world.client("bob").patch("/api/v1/projects/1", json={"name": "x"})
    world.client("alice").patch("/api/v1/projects/1", json={"timezone": "Nowhere"})
    assert entries(world) == before


def test_keys_act_under_their_own_name(world: World) -> None:
    world.bearer(world.key("project:write")).patch("/api/v1/projects/1", json={"name": "By key"})
    assert (entries(world)[0]["actor_kind"], entries(world)[0]["actor_name"]) == ("key", "a key")


def test_no_secret_is_written(world: World) -> None:
    alice = world.client("alice")
    secret = alice.post("/api/v1/projects/1/keys", json={"name": "CI", "scopes": ["*"]}).json()["secret"]
    token = alice.post("/api/v1/projects/1/token").json()["token"]
    body = {"email": "n@example.com", "role": "viewer", "password": "chosen by alice"}
    alice.post("/api/v1/projects/1/members", json=body)
    alice.post("/api/v1/account/password", json={"current_password": PASSWORD, "new_password": "quite another secret"})
    with world.database.read() as session:
        written = str([(row.details, row.target) for row in session.scalars(select(AuditEntry))])
    for text in (secret, token, PASSWORD, "chosen by alice", "quite another secret"):
        assert text not in written


def test_a_failed_sign_in_is_written_with_the_person_meant_and_nothing_typed(world: World) -> None:
    client = world.anonymous()
    for email in ("alice@example.com", "my own password"):
        client.post("/api/v1/session", json={"email": email, "password": "a wrong guess"})
    for _ in range(40):
        client.post("/api/v1/session", json={"email": "alice@example.com", "password": "a wrong guess"})
    with world.database.read() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action == "session.refused")).all()
    assert [(row.actor_name, row.target, row.ip) for row in rows[:2]] == [
        ("alice@example.com", f"user:{world.user_id('alice')}", "testclient"),
        ("unknown", "user:unknown", "testclient"),
    ]
    assert len(rows) == MOST_PER_PAIR + 1
    assert not any("password" in str(vars(row)) or "guess" in str(vars(row)) for row in rows)


def test_a_refused_change_of_password_is_written(world: World) -> None:
    body = {"current_password": "a wrong guess", "new_password": "quite another secret"}
    world.client("bob").post("/api/v1/account/password", json=body)
    with world.database.read() as session:
        row = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (row.actor_name, row.action, row.project_id) == ("bob@example.com", "account.password_refused", None)


def test_the_log_comes_in_pages_newest_first(world: World) -> None:
    alice = world.client("alice")
    for number in range(5):
        alice.patch("/api/v1/projects/1", json={"name": f"Name {number}"})
    first = alice.get("/api/v1/audit", params={"limit": 3}).json()
    rest = alice.get("/api/v1/audit", params={"limit": 3, "cursor": first["next_cursor"]}).json()
    names = [entry["details"]["name"][1] for entry in first["items"]]
    assert names == ["Name 4", "Name 3", "Name 2"]
    assert rest["items"][0]["details"]["name"][1] == "Name 1"
