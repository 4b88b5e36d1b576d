"""The people of two projects, with every route."""

from __future__ import annotations

from functools import cached_property

import pytest
from fastapi import FastAPI

from northing.app.composition import full_management_app
from northing.data.store import LocalStore, Store
from northing.server.http import Context
from tests.products.insights.conftest import World, alice, bob, charlie, clock, context, passwords, settings, vera
from tests.products.insights.conftest import world as insights_world
from tests.products.people.conftest import Shop

__all__ = ["alice", "bob", "charlie", "clock", "context", "insights_world", "passwords", "settings", "vera"]


class FullWorld(World):
    """The same people, with every route of the app."""

    @cached_property
    def app(self) -> FastAPI:
        return full_management_app(self.context)


@pytest.fixture
def world(insights_world: World, context: Context) -> World:
    """The same world, on the whole app."""
    return FullWorld(context, insights_world.clock, insights_world.acme_id, insights_world.rival_id)


@pytest.fixture
def acme(world: World, engine: Store, event_store: LocalStore) -> Shop:
    """Acme's events, none at first."""
    return Shop(engine, event_store, world.acme_id)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite only: what differs between databases is tested where it is written."""
    return sqlite_url
