"""The people of two projects, with metadata on both databases and events on a real engine."""

from __future__ import annotations

import pytest

from northing.products.analytics.routes import ROUTERS as ANALYTICS
from northing.products.people.routes import ROUTERS
from northing.server.http import management_app
from tests.server.conftest import clock, passwords, settings
from tests.support.people import MakeApp, acme, alice, bob, charlie, context, rival, vera, world

__all__ = [
    "acme", "alice", "bob", "charlie", "clock", "context", "passwords", "rival", "settings", "vera", "world",
]  # fmt: skip


@pytest.fixture
def make_app() -> MakeApp:
    """The routes of this slice, and those that ask."""
    return lambda context: management_app(context, scoped=(*ANALYTICS, *ROUTERS))
