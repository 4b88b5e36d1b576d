"""The embedded engine: one folder per process, so all tests share one and differ by project."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from northing.data.store import LocalStore, Store

_numbers = itertools.count(1000)


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A real store on an embedded engine, with the schema."""
    store = Store.open(f"chdb://{tmp_path_factory.mktemp('engine') / 'events'}")
    yield store
    store.close()


@pytest.fixture(scope="session")
def event_store(engine: Store) -> LocalStore:
    """The same as an `EventStore`."""
    return LocalStore(engine)


@pytest.fixture
def project_id() -> int:
    """A project number no other test uses."""
    return next(_numbers)


@pytest.fixture
def spool_folder(tmp_path: Path) -> Path:
    """An empty spool."""
    folder = tmp_path / "spool"
    folder.mkdir()
    return folder
