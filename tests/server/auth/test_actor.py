from __future__ import annotations

import pytest

from northing.kernel.problems import Problem
from northing.server.auth.actor import Actor, local_actor
from northing.server.auth.roles import SCOPES, Role

BOB = Actor("user", 2, "bob@example.com", roles={1: Role.ANALYST})
KEY = Actor("key", 1, "a key", scopes=frozenset({"query:read"}), project_id=1)


def test_a_person_has_the_scopes_of_their_role() -> None:
    assert BOB.allows("query:read", 1)
    assert BOB.allows("ingest:write", 1)
    assert not BOB.allows("project:write", 1)


def test_another_project_does_not_exist_for_a_person_or_a_key() -> None:
    for actor in (BOB, KEY):
        with pytest.raises(Problem) as caught:
            actor.require("query:read", 2)
        assert caught.value.status == 404


def test_a_missing_scope_is_forbidden() -> None:
    with pytest.raises(Problem) as caught:
        KEY.require("events:read", 1)
    assert (caught.value.status, caught.value.code) == (403, "forbidden")


def test_the_local_command_line_may_do_everything() -> None:
    assert all(local_actor().allows(scope, 7) for scope in SCOPES)
    assert local_actor().name == "local command line"


@pytest.mark.parametrize(
    ("scopes", "role"),
    [({"query:read"}, "viewer"), ({"ingest:write"}, "analyst"), ({"keys:write"}, "admin"), ({"*"}, "owner")],
)
def test_a_key_shows_the_least_role_that_has_its_scopes(scopes: set[str], role: str) -> None:
    assert Actor("key", 1, "a key", scopes=frozenset(scopes), project_id=1).role_in(1) == role


def test_each_role_holds_all_that_the_next_one_holds() -> None:
    held = [Actor("user", 1, "x", roles={1: role}) for role in Role]
    counts = [sum(actor.allows(scope, 1) for scope in (*SCOPES, "*")) for actor in held]
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) == len(Role)
