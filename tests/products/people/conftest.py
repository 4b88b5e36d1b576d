"""The people of two projects, with metadata on both databases and events on a real engine."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from northing.data.store import LocalStore, Store
from northing.products.analytics.routes import ROUTERS as ANALYTICS
from northing.products.people.routes import ROUTERS
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
from tests.server.conftest import ACME_TOKEN, LOCAL_KEY, RIVAL_TOKEN, Clock, clock, passwords, settings
from tests.server.conftest import World as ServerWorld

__all__ = ["clock", "passwords", "settings"]
_numbers = itertools.count(700_000, 2)
CAST = (("alice", Role.OWNER), ("bob", Role.ANALYST), ("vera", Role.VIEWER))


@dataclass(frozen=True)
class Shop(Events):
    """A project's events and people."""

    def add_people(self, people: Iterable[tuple[int, str, dict[str, Any] | None]]) -> None:
        """Number, id and properties of each; None for someone without a profile."""
        known = list(people)
        ids = [{"project_id": self.project_id, "person": n, "distinct_id": d, "version": 1} for n, d, _ in known]
        self._insert("distinct_ids", ids)
        rows = [
            {"project_id": self.project_id, "person": n, "properties": p, "is_identified": True, "version": 1}
            for n, _, p in known
            if p is not None
        ]
        if rows:
            self._insert("persons", [{**row, "created_at": "2026-01-01 00:00:00"} for row in rows])

    def merge(self, person: int, into: int) -> None:
        row = {"project_id": self.project_id, "person": person, "parent": into, "target": into, "is_active": True}
        self._insert("person_overrides", [{**row, "distinct_id": f"d{person}", "reason": "identify", "version": 1}])

    def members(self, cohort: int) -> list[int]:
        """Who is in a cohort, as stored."""
        sql = "SELECT bitmapToArray(persons) FROM cohorts FINAL WHERE project_id = {p:UInt32} AND cohort = {c:UInt32}"
        rows = self.engine.query(sql, {"p": self.project_id, "c": cohort}).rows
        return [int(person) for row in rows for person in row[0]]

    def _insert(self, target: str, rows: list[dict[str, Any]]) -> None:
        columns = "" if "(" in target else f" ({', '.join(rows[0])})"
        lines = "\n".join(json.dumps(row) for row in rows)
        self.engine.command(f"INSERT INTO {target}{columns} FORMAT JSONEachRow\n{lines}\n")


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
        return management_app(self.context, scoped=(*ANALYTICS, *ROUTERS))


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


def _skip_numbers(session: Session, last: int, *, is_sqlite: bool) -> None:
    if is_sqlite:
        session.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES ('projects', :last)"), {"last": last})
    else:
        session.execute(text("SELECT setval(pg_get_serial_sequence('projects', 'id'), :last)"), {"last": last})


@pytest.fixture
def acme(world: World, engine: Store, event_store: LocalStore) -> Shop:
    """Acme's events, none at first."""
    return Shop(engine, event_store, world.acme_id)


@pytest.fixture
def rival(world: World, engine: Store, event_store: LocalStore) -> Shop:
    """Rival's events, none at first."""
    return Shop(engine, event_store, world.rival_id)


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
