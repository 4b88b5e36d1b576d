"""The stores that tests run on. One engine can be embedded per process, so all tests share it and differ by project.

`engine` is the embedded store. Tests marked `both_stores` run a second time on the same engine as a ClickHouse server
would offer it, by HTTP. `NORTHING_TEST_STORE=http` runs all of them so, and `NORTHING_TEST_CLICKHOUSE=clickhouse://…`
all of them on a real server, in a database that is made for the session and dropped at its end.
"""

from __future__ import annotations

import itertools
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import clickhouse_connect
import pytest

from northing.data.store import LocalStore, Store
from tests.support.bridge import Bridge

# One module of each kind of statement; a marker in the module does the same.
_BOTH_STORES = frozenset(
    f"tests.data.{name}"
    for name in (
        "identity.test_merging",
        "identity.test_undoing",
        "query.test_active_users",
        "query.test_funnel",
        "query.test_paths",
        "query.test_retention",
        "query.test_run",
        "query.test_trends",
    )
)
_numbers = itertools.count(1000)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_stores: runs on the embedded engine and on the same by HTTP")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked on both kinds of store, unless the session is for one of them."""
    marked = metafunc.definition.get_closest_marker("both_stores") or metafunc.module.__name__ in _BOTH_STORES
    if marked and "event_store" in metafunc.fixturenames and _kind() is None:
        metafunc.parametrize("event_store", ("embedded", "http"), indirect=True, scope="session")


@pytest.fixture(scope="session")
def engine_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this process's one embedded engine."""
    return tmp_path_factory.mktemp("engine") / "events"


@pytest.fixture(scope="session")
def embedded_store(engine_folder: Path) -> Iterator[LocalStore]:
    """A real store on an embedded engine, with the schema."""
    yield from _opened(f"chdb://{engine_folder}")


@pytest.fixture(scope="session")
def bridge(engine_folder: Path) -> Iterator[Bridge]:
    """A ClickHouse server, as far as HTTP tells, before the embedded engine."""
    bridge = Bridge(engine_folder)
    yield bridge
    bridge.close()


@pytest.fixture(scope="session")
def http_store(bridge: Bridge) -> Iterator[LocalStore]:
    """A store by HTTP; not in the default database, which is the embedded store's."""
    yield from _opened(bridge.make_database("by_http"))


@pytest.fixture(scope="session")
def server_store() -> Iterator[LocalStore]:
    """A store on the server that the environment names."""
    dsn, database = os.environ["NORTHING_TEST_CLICKHOUSE"], f"northing_test_{uuid.uuid4().hex[:12]}"
    with clickhouse_connect.get_client(dsn=dsn, autogenerate_session_id=False) as client:
        client.command(f"CREATE DATABASE {database}")
        try:
            yield from _opened(urlunsplit(urlsplit(dsn)._replace(path=f"/{database}")))
        finally:
            client.command(f"DROP DATABASE {database} SYNC")


@pytest.fixture(scope="session")
def event_store(request: pytest.FixtureRequest) -> LocalStore:
    """The store of the session, or of the test's parameter, as an `EventStore`."""
    kind = getattr(request, "param", None) or _kind() or "embedded"
    store: LocalStore = request.getfixturevalue(f"{kind}_store")
    return store


@pytest.fixture(scope="session")
def engine(event_store: LocalStore) -> Store:
    """The same as a `Store`."""
    return event_store.store


@pytest.fixture
def project_id() -> int:
    """A project number no other test uses."""
    return next_project_id()


def next_project_id() -> int:
    """The same, for tests that need many: two modules with counters of their own may meet in one session."""
    return next(_numbers)


@pytest.fixture
def spool_folder(tmp_path: Path) -> Path:
    """An empty spool."""
    folder = tmp_path / "spool"
    folder.mkdir()
    return folder


def _opened(dsn: str) -> Iterator[LocalStore]:
    store = LocalStore(Store.open(dsn))
    yield store
    store.close()


def _kind() -> str | None:
    """The one kind that the environment asks for."""
    if os.environ.get("NORTHING_TEST_CLICKHOUSE"):
        return "server"
    kind = os.environ.get("NORTHING_TEST_STORE") or None
    if kind not in (None, "embedded", "http"):
        raise pytest.UsageError(f"NORTHING_TEST_STORE is embedded or http, not {kind}")
    return kind
