"""The people of two projects, with the routes of this slice on a real event store."""

from __future__ import annotations

from typing import Any

import pytest

from northing.products.analytics.routes import ROUTERS
from northing.server.http import management_app
from tests.data.query.world import World as Events
from tests.server.conftest import clock, passwords, settings
from tests.support.people import MakeApp, acme, context, rival, world

__all__ = ["acme", "clock", "context", "passwords", "rival", "settings", "world"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite only: nothing of this slice is kept in the metadata."""
    return sqlite_url


@pytest.fixture
def make_app() -> MakeApp:
    """The routes of this slice."""
    return lambda context: management_app(context, scoped=ROUTERS)


def add_pageviews(events: Events, count: int, **more: Any) -> None:
    """Page views one second apart, the last at the clock's noon."""
    for i in range(count):
        at = f"2026-03-01 11:59:{59 - i:02d}"
        events.add("$pageview", at, i, distinct_id=f"d{i}", path=f"/{i}", url=f"https://acme.test/{i}", **more)
