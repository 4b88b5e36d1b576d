"""The named world: alice owns Acme, adam, bob and vera are members; charlie owns Rival and must see nothing of Acme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from northing.server.auth.actor import Actor, system_actor
from northing.server.auth.keys import KeyDraft, create_key
from northing.server.auth.members import put_membership
from northing.server.auth.models import User
from northing.server.auth.passwords import Passwords
from northing.server.auth.people import add_user, roles_of
from northing.server.auth.projects import ProjectDraft, add_project
from northing.server.auth.roles import Role
from northing.server.auth.sessions import Origin, begin_session, csrf_token, hash_secret
from northing.server.auth.tokens import TokenDirectory
from northing.server.auth.work import Work
from northing.server.cache import MemoryCache
from northing.server.db import Database
from northing.server.http import Context, management_app
from northing.server.http.dependencies import COOKIE
from northing.server.settings import Settings

ACME, RIVAL = 1, 2
ACME_TOKEN, RIVAL_TOKEN = "a" * 32, "c" * 32
PASSWORD = "a long enough secret"
LOCAL_KEY = "local key of this run"
ACME_ROLES = {"alice": Role.OWNER, "adam": Role.ADMIN, "bob": Role.ANALYST, "vera": Role.VIEWER}


class Clock:
    """A clock that stands still until told otherwise."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **duration: float) -> None:
        self.now += timedelta(**duration)


class NoStore:
    """The management routes of this layer never query."""

    async def query(self, sql: str, params: Any = None, *, limits: Any = None) -> Any:
        raise AssertionError(sql)


@dataclass(frozen=True)
class World:
    """The people, their projects, and ways to act as them."""

    context: Context
    clock: Clock

    @property
    def database(self) -> Database:
        return self.context.database

    def user_id(self, name: str) -> int:
        with self.database.read() as session:
            return session.scalars(select(User.id).where(User.email == f"{name}@example.com")).one()

    def actor(self, name: str) -> Actor:
        user_id = self.user_id(name)
        with self.database.read() as session:
            return Actor("user", user_id, f"{name}@example.com", roles=roles_of(session, user_id), ip="10.0.0.1")

    @cached_property
    def app(self) -> FastAPI:
        return management_app(self.context)

    def anonymous(self) -> TestClient:
        return TestClient(self.app)

    def client(self, name: str) -> TestClient:
        """A browser on which the person is signed in, with the CSRF token set."""
        client = self.anonymous()
        secret = self.sign_in(name)
        client.cookies.set(COOKIE, secret)
        client.headers["X-CSRF-Token"] = csrf_token(secret)
        return client

    def sign_in(self, name: str) -> str:
        user_id = self.user_id(name)
        with self.database.transaction() as session:
            origin = Origin("10.0.0.1", "test browser")
            return begin_session(session, user_id, origin=origin, now=self.clock(), idle=timedelta(days=30))

    def key(self, *scopes: str, project_id: int = ACME, expires_at: datetime | None = None) -> str:
        """The secret of a new key of the project."""
        with self.database.transaction() as session:
            draft = KeyDraft("a key", scopes, expires_at)
            made = create_key(Work(session, system_actor(), self.clock()), project_id, draft=draft)
        assert made.secret is not None
        return made.secret

    def bearer(self, secret: str) -> TestClient:
        client = self.anonymous()
        client.headers["Authorization"] = f"Bearer {secret}"
        return client


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    return Passwords(time_cost=1, memory_kib=8, parallelism=1)


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url)


@pytest.fixture
def context(settings: Settings, database: Database, passwords: Passwords, clock: Clock) -> Context:
    """A context on an empty, migrated database."""
    return Context(
        settings=settings,
        database=database,
        tokens=TokenDirectory(database),
        store=NoStore(),
        cache=MemoryCache(),
        passwords=passwords,
        local_key_hash=hash_secret(LOCAL_KEY),
        clock=clock,
    )


@pytest.fixture
def world(context: Context, clock: Clock) -> World:
    hashed = context.passwords.hash(PASSWORD)
    with context.database.transaction() as session:
        work = Work(session, system_actor(), clock())
        acme = add_project(work, ProjectDraft("Acme", token=ACME_TOKEN))
        rival = add_project(work, ProjectDraft("Rival", token=RIVAL_TOKEN))
        assert (acme.id, rival.id) == (ACME, RIVAL)
        for name in (*ACME_ROLES, "charlie"):
            user = add_user(session, f"{name}@example.com", name=name.title(), password_hash=hashed, now=clock())
            project_id = RIVAL if name == "charlie" else ACME
            user.home_project_id = project_id
            put_membership(work, project_id, user=user, role=ACME_ROLES.get(name, Role.OWNER))
    context.tokens.refresh()
    return World(context, clock)
