"""Two of the named world's people and both its projects, on a real event store."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text

from northing.data.store import LocalStore, Store
from northing.products.analytics.routes import ROUTERS
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
from tests.data.query.world import World as Events
from tests.server.conftest import ACME_TOKEN, LOCAL_KEY, RIVAL_TOKEN, Clock, clock, passwords
from tests.server.conftest import World as ServerWorld

__all__ = ["clock", "passwords"]
_numbers = itertools.count(500_000, 2)


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    """SQLite only: nothing of this slice is kept in the metadata."""
    opened = Database(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    """Settings for that database."""
    return Settings(database_url=SecretStr(sqlite_url))


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
    """Vera, a viewer of Acme, and Charlie, the owner of Rival, with the routes of this slice."""

    acme_id: int = 0
    rival_id: int = 0

    @cached_property
    def app(self) -> FastAPI:
        return management_app(self.context, scoped=ROUTERS)


@pytest.fixture
def world(context: Context, clock: Clock) -> World:
    """Two projects whose numbers no other test has: emptying the engine's tables takes seconds."""
    with context.database.transaction() as session:
        before = next(_numbers)
        session.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES ('projects', :seq)"), {"seq": before})
        work = Work(session, system_actor(), clock())
        acme = add_project(work, ProjectDraft("Acme", token=ACME_TOKEN))
        rival = add_project(work, ProjectDraft("Rival", token=RIVAL_TOKEN))
        for name, project, role in (("vera", acme, Role.VIEWER), ("charlie", rival, Role.OWNER)):
            user = add_user(session, f"{name}@example.com", name=name.title(), password_hash="", now=clock())
            put_membership(work, project.id, user=user, role=role)
    context.tokens.refresh()
    return World(context, clock, acme.id, rival.id)


@pytest.fixture
def acme(world: World, engine: Store, event_store: LocalStore) -> Events:
    """Acme's events, none at first."""
    return Events(engine, event_store, world.acme_id)


@pytest.fixture
def rival(world: World, engine: Store, event_store: LocalStore) -> Events:
    """Rival's events, none at first."""
    return Events(engine, event_store, world.rival_id)


def add_pageviews(events: Events, count: int, **more: Any) -> None:
    """Page views one second apart, the last at the clock's noon."""
    for i in range(count):
        at = f"2026-03-01 11:59:{59 - i:02d}"
        events.add("$pageview", at, i, distinct_id=f"d{i}", path=f"/{i}", url=f"https://acme.test/{i}", **more)
