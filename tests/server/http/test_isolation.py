"""Every project route, for every role, for the other tenant and for nobody."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient

from northing.server.auth.roles import ROLE_SCOPES, SCOPES, covers
from northing.server.http import management_app
from tests.server.conftest import ACME, ACME_ROLES, ACME_TOKEN, LOCAL_KEY, World

LONG = "/api/v1/projects/{project}"


class Route(NamedTuple):
    """A route about one project, the scope it needs, and a body that it accepts."""

    method: str
    path: str
    scope: str
    body: Any = None
    short: bool = False


# In an order in which the owner can do all of it, one after the other.
ROUTES = (
    Route("GET", LONG, "project:read"),
    Route("PATCH", LONG, "project:write", {"name": "New name"}),
    Route("POST", LONG + "/token", "project:write"),
    Route("GET", LONG + "/members", "project:read"),
    Route("POST", LONG + "/members", "members:write", {"email": "new@example.com", "role": "viewer"}),
    Route("PATCH", LONG + "/members/{user_id}", "members:write", {"role": "viewer"}),
    Route("DELETE", LONG + "/members/{user_id}", "members:write"),
    Route("GET", LONG + "/keys", "keys:write", short=True),
    Route("POST", LONG + "/keys", "keys:write", {"name": "x", "scopes": ["query:read"]}, short=True),
    Route("DELETE", LONG + "/keys/{key_id}", "keys:write", short=True),
    Route("GET", LONG + "/audit", "audit:read", short=True),
    Route("DELETE", LONG, "*"),
)


@pytest.fixture
def targets(world: World) -> dict[str, int]:
    """Things of Acme that the paths name: the member newest to it, and its first key."""
    world.key("query:read")
    return {"project": ACME, "user_id": world.user_id("vera"), "key_id": 1}


def call(client: TestClient, route: Route, targets: dict[str, int], *, short: bool = False) -> int:
    path = route.path.replace(LONG, "/api/v1") if short else route.path
    return client.request(route.method, path.format(**targets), json=route.body).status_code


def test_the_table_has_every_project_route(world: World) -> None:
    served = {(method, path) for method, path in every_route(world) if "{project}" in path}
    assert served == {(route.method, route.path) for route in ROUTES}


def test_every_scoped_route_has_a_short_form(world: World) -> None:
    served = every_route(world)
    for route in ROUTES:
        assert ((route.method, route.path.replace(LONG, "/api/v1")) in served) == route.short, route


def every_route(world: World) -> set[tuple[str, str]]:
    paths = management_app(world.context).openapi()["paths"]
    return {(method.upper(), path) for path, methods in paths.items() for method in methods}


@pytest.mark.parametrize("name", ACME_ROLES)
def test_a_role_can_do_what_its_scopes_say_and_nothing_else(world: World, targets: dict[str, int], name: str) -> None:
    client = world.client(name)
    targets = targets if name != "vera" else targets | {"user_id": world.user_id("bob")}
    for route in ROUTES:
        status = call(client, route, targets)
        allowed = covers(ROLE_SCOPES[ACME_ROLES[name]], route.scope)
        assert (status < 300) if allowed else (status == 403), (route, status)


@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_can_do_what_its_scope_says_and_nothing_else(world: World, targets: dict[str, int], scope: str) -> None:
    client = world.bearer(world.key(scope))
    # Its own key last, and then nothing more is to be asked with it.
    for route in ROUTES:
        status = call(client, route, targets)
        gives = route.body is not None and not {"scopes", "role"}.isdisjoint(route.body)
        if scope in ("keys:write", "members:write") and gives:
            assert status == 403, "a key cannot make a key or a member that can do more than itself"
        else:
            assert (status < 300) == (route.scope == scope), (route, status)
            assert status < 300 or status == 403, (route, status)


def test_another_tenant_finds_nothing(world: World, targets: dict[str, int]) -> None:
    charlies = world.client("charlie")
    key = world.bearer(world.key("*", project_id=2))
    for client in (charlies, key):
        for route in ROUTES:
            assert call(client, route, targets) == 404, route


def test_another_tenants_things_are_not_in_ones_own_project(world: World, targets: dict[str, int]) -> None:
    charlie = world.client("charlie")
    for route in ROUTES:
        if "{user_id}" in route.path or "{key_id}" in route.path:
            assert call(charlie, route, targets | {"project": 2}) == 404, route
            assert not route.short or call(charlie, route, targets, short=True) == 404, route


def test_short_forms_with_the_number_of_another_tenant_find_nothing(world: World, targets: dict[str, int]) -> None:
    for client in (world.client("charlie"), world.bearer(world.key("*", project_id=2))):
        for route in (route for route in ROUTES if route.short):
            path = route.path.replace(LONG, "/api/v1").format(**targets)
            answer = client.request(route.method, path, json=route.body, params={"project": ACME})
            assert answer.status_code == 404, route


def test_lists_of_another_tenant_show_nothing_of_acme(world: World, targets: dict[str, int]) -> None:
    charlie = world.client("charlie")
    for path in ("/api/v1/projects", "/api/v1/keys", "/api/v1/audit", "/api/v1/session", "/api/v1/account/sessions"):
        answer = charlie.get(path)
        assert answer.status_code == 200
        assert "Acme" not in answer.text
        assert ACME_TOKEN not in answer.text
        assert "alice" not in answer.text


def test_nobody_finds_nothing(world: World, targets: dict[str, int]) -> None:
    client = world.anonymous()
    for route in ROUTES:
        assert call(client, route, targets) == 401, route
        assert not route.short or call(client, route, targets, short=True) == 401, route


def test_a_project_token_is_no_key(world: World, targets: dict[str, int]) -> None:
    client = world.bearer(ACME_TOKEN)
    for route in ROUTES:
        assert call(client, route, targets) == 401, route


def test_an_absent_project_looks_like_another_tenants(world: World, targets: dict[str, int]) -> None:
    alice = world.client("alice")
    absent = alice.get("/api/v1/projects/77").json()
    assert alice.get("/api/v1/projects/2").json() == absent


def test_a_deleted_project_is_gone_for_everyone(world: World, targets: dict[str, int]) -> None:
    bob, local, key = world.client("bob"), world.bearer(LOCAL_KEY), world.bearer(world.key("*"))
    assert world.client("alice").delete("/api/v1/projects/1").status_code == 204
    for route in ROUTES:
        assert call(bob, route, targets) == 404, route
        assert call(local, route, targets) == 404, route
        assert call(key, route, targets) == 401, route


def test_someone_removed_sees_nothing_at_once(world: World, targets: dict[str, int]) -> None:
    bob = world.client("bob")
    assert bob.get("/api/v1/projects/1").status_code == 200
    world.client("alice").delete(f"/api/v1/projects/1/members/{world.user_id('bob')}")
    for route in ROUTES:
        assert call(bob, route, targets) == 404, route
