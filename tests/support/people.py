"""The named people of two projects, with events on a real engine: what the tests of every slice of products share.

A conftest takes the fixtures it needs by importing them, and gives `make_app` where its routes are not all of them.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.orm import Session
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
from tests.data.query.world import World as Events
from tests.server.conftest import ACME_TOKEN, LOCAL_KEY, RIVAL_TOKEN, Clock
from tests.server.conftest import World as ServerWorld

MakeApp = Callable[[Context], FastAPI]
CAST = (("alice", Role.OWNER), ("bob", Role.ANALYST), ("vera", Role.VIEWER))
_numbers = itertools.count(700_000, 2)


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
        self._override(person, into, version=1, is_active=True)

    def split(self, person: int) -> None:
        """Undo a merge."""
        self._override(person, person, version=2, is_active=False)

    def _override(self, person: int, into: int, *, version: int, is_active: bool) -> None:
        row = {"project_id": self.project_id, "person": person, "parent": into, "target": into, "is_active": is_active}
        more = {"distinct_id": f"d{person}", "reason": "identify", "version": version}
        self._insert("person_overrides", [{**row, **more}])

    def members(self, cohort: int) -> list[int]:
        """Who is in a cohort, as stored."""
        sql = "SELECT bitmapToArray(persons) FROM cohorts FINAL WHERE project_id = {p:UInt32} AND cohort = {c:UInt32}"
        rows = self.engine.query(sql, {"p": self.project_id, "c": cohort}).rows
        return [int(person) for row in rows for person in row[0]]

    def _insert(self, target: str, rows: list[dict[str, Any]]) -> None:
        columns = "" if "(" in target else f" ({', '.join(rows[0])})"
        lines = "\n".join(json.dumps(row) for row in rows)
        self.engine.command(f"INSERT INTO {target}{columns} FORMAT JSONEachRow\n{lines}\n")


@dataclass(frozen=True)
class World(ServerWorld):
    """Alice owns Acme, Bob is an analyst, Vera a viewer; Charlie owns Rival."""

    make_app: MakeApp
    acme_id: int
    rival_id: int

    @cached_property
    def app(self) -> FastAPI:
        return self.make_app(self.context)


@pytest.fixture
def make_app() -> MakeApp:
    """An app with the routes of every slice."""
    return lambda context: management_app(context, scoped=scoped_routers())


@pytest.fixture
def context(
    settings: Settings, database: Database, passwords: Passwords, clock: Clock, event_store: LocalStore
) -> Context:
    """A context with a real store."""
    tokens = TokenDirectory(database)
    key = hash_secret(LOCAL_KEY)
    return Context(settings, database, tokens, event_store, MemoryCache(), passwords, key, clock=clock)


@pytest.fixture
def world(context: Context, clock: Clock, make_app: MakeApp) -> World:
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
    return World(context, clock, make_app, acme.id, rival.id)


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
