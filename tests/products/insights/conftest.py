"""The people of two projects, and what they save; metadata on both databases, events on a real engine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from northing.app.composition import scoped_routers
from northing.data.store import LocalStore, Store
from northing.server.auth.actor import system_actor
from northing.server.auth.members import put_membership
from northing.server.auth.passwords import Passwords
from northing.server.auth.people import add_user
from northing.server.auth.projects import ProjectDraft, add_project
from northing.server.auth.roles import Role
from northing.server.auth.sessions import hash_secret
from northing.server.auth.tokens import TokenDirectory
from northing.server.auth.work import Work
from northing.server.cache import MemoryCache
from northing.server.db import Database
from northing.server.http import Context, management_app
from northing.server.settings import Settings
from tests.products.people.conftest import CAST, Shop, _numbers, _skip_numbers
from tests.server.conftest import ACME_TOKEN, LOCAL_KEY, RIVAL_TOKEN, Clock, clock, passwords, settings
from tests.server.conftest import World as ServerWorld

__all__ = ["clock", "passwords", "settings"]

TRENDS = {"kind": "trends", "series": [{"event": "$pageview"}]}
FUNNEL = {"kind": "funnel", "steps": [{"event": "signup"}, {"event": "upgrade"}]}


@pytest.fixture
def context(
    settings: Settings, database: Database, passwords: Passwords, clock: Clock, event_store: LocalStore
) -> Context:
    """A context with a real store."""
    tokens = TokenDirectory(database)
    key = hash_secret(LOCAL_KEY)
    return Context(settings, database, tokens, event_store, MemoryCache(), passwords, key, clock=clock)


@dataclass(frozen=True)
class World(ServerWorld):
    """Alice owns Acme, Bob is an analyst, Vera a viewer; Charlie owns Rival."""

    acme_id: int = 0
    rival_id: int = 0

    @cached_property
    def app(self) -> FastAPI:
        return management_app(self.context, scoped=scoped_routers())


@pytest.fixture
def world(context: Context, clock: Clock) -> World:
    """Two projects whose numbers no other test has: emptying the engine's tables takes seconds."""
    with context.database.transaction() as session:
        _skip_numbers(session, next(_numbers), is_sqlite=context.database.is_sqlite)
        work = Work(session, system_actor(), clock())
        acme = add_project(work, ProjectDraft("Acme", token=ACME_TOKEN))
        rival = add_project(work, ProjectDraft("Rival", token=RIVAL_TOKEN))
        for name, role in (*CAST, ("charlie", Role.OWNER)):
            user = add_user(session, f"{name}@example.com", name=name.title(), password_hash="", now=clock())
            put_membership(work, (rival if name == "charlie" else acme).id, user=user, role=role)
    context.tokens.refresh()
    return World(context, clock, acme.id, rival.id)


@pytest.fixture
def acme(world: World, engine: Store, event_store: LocalStore) -> Shop:
    """Acme's events, none at first."""
    return Shop(engine, event_store, world.acme_id)


@pytest.fixture
def alice(world: World) -> TestClient:
    """The owner of Acme."""
    return world.client("alice")


@pytest.fixture
def bob(world: World) -> TestClient:
    """An analyst of Acme."""
    return world.client("bob")


@pytest.fixture
def vera(world: World) -> TestClient:
    """A viewer of Acme."""
    return world.client("vera")


@pytest.fixture
def charlie(world: World) -> TestClient:
    """The owner of Rival."""
    return world.client("charlie")


def save(client: TestClient, name: str = "Visits", **more: Any) -> dict[str, Any]:
    """A new insight, as it was answered."""
    answer = client.post("/api/v1/insights", json={"name": name, "query": TRENDS, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def names(client: TestClient, path: str = "/insights", **params: Any) -> list[str]:
    """The names on one page of a list."""
    answer = client.get(f"/api/v1{path}", params=params)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]
