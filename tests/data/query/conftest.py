"""A project of its own for each test."""

from __future__ import annotations

import pytest

from northing.data.store import LocalStore, Store
from tests.data.query.world import World


@pytest.fixture
def world(engine: Store, event_store: LocalStore, project_id: int) -> World:
    """An empty project on the shared engine."""
    return World(engine, event_store, project_id)
