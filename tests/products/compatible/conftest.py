"""The people of two projects, with every route."""

from __future__ import annotations

import pytest

from northing.app.composition import full_management_app
from tests.server.conftest import clock, passwords, settings
from tests.support.people import MakeApp, acme, alice, bob, charlie, context, vera, world

__all__ = ["acme", "alice", "bob", "charlie", "clock", "context", "passwords", "settings", "vera", "world"]


@pytest.fixture
def make_app() -> MakeApp:
    """The whole app."""
    return full_management_app


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite only: what differs between databases is tested where it is written."""
    return sqlite_url
