"""The named world of the server, on a real event store: Acme (1) and Rival (2)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from northing.data.store import LocalStore, Store
from northing.products.analytics.routes import ROUTERS
from northing.server.auth.passwords import Passwords
from northing.server.auth.sessions import hash_secret
from northing.server.auth.tokens import TokenDirectory
from northing.server.cache import MemoryCache
from northing.server.db import Database
from northing.server.http import Context, management_app
from northing.server.settings import Settings
from tests.data.query.world import World as Events
from tests.server.conftest import ACME, LOCAL_KEY, RIVAL, Clock, clock, passwords
from tests.server.conftest import World as ServerWorld
from tests.server.conftest import world as server_world

__all__ = ["clock", "passwords", "server_world"]


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


class World(ServerWorld):
    """The same people, with the routes of this slice."""

    @cached_property
    def app(self) -> FastAPI:
        return management_app(self.context, scoped=ROUTERS)


@pytest.fixture
def world(server_world: ServerWorld) -> World:
    """The named world with the routes of this slice."""
    return World(server_world.context, server_world.clock)


@pytest.fixture
def acme(engine: Store, event_store: LocalStore) -> Events:
    """Acme's events, none at first."""
    for table in ("events", "persons"):
        engine.command(f"DELETE FROM {table} WHERE project_id IN ({ACME}, {RIVAL})")
    return Events(engine, event_store, ACME)


@pytest.fixture
def rival(acme: Events) -> Events:
    """Rival's events, none at first."""
    return dataclasses.replace(acme, project_id=RIVAL)


def add_pageviews(events: Events, count: int, **more: Any) -> None:
    """Page views one second apart, the last at the clock's noon."""
    for i in range(count):
        at = f"2026-03-01 11:59:{59 - i:02d}"
        events.add("$pageview", at, i, distinct_id=f"d{i}", path=f"/{i}", url=f"https://acme.test/{i}", **more)
