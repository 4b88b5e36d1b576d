"""The metadata database: SQLite by default, PostgreSQL by URL; one set of models and migrations for both."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import (
    URL,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from northing.kernel.problems import Problem

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment: refuses naive ones, stores UTC, gives UTC back (SQLite itself keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every metadata table; all are declared with the same constraint names on every database."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime}


class Created:
    """Mixin: when the row was made. The service gives the moment, so that tests and imports decide it."""

    created_at: Mapped[datetime] = mapped_column(sort_order=900)


class Database:
    """An engine and its unit of work: one `transaction()` or `read()` is one request or one job."""

    def __init__(self, url: str) -> None:
        self.engine = _make_engine(make_url(url))
        self._writers = sessionmaker(self.engine, expire_on_commit=False)
        self._readers = sessionmaker(self.engine.execution_options(reading=True), expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end of the block, or rolls back on any error.

        On SQLite it holds the write lock from the start, so keep the block short and free of network calls.
        """
        with self._writers.begin() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one snapshot and cannot write; never waits for a writer."""
        with self._readers.begin() as session:
            yield session

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def database_unavailable() -> Problem:
    """The 503 for a metadata database that does not answer."""
    message = "The metadata database does not answer."
    return Problem(503, "database_unavailable", message, "Try again shortly.", headers={"Retry-After": "5"})


def lock_name(session: Session | Connection, name: str) -> None:
    """Hold the lock `name` until the transaction ends, across processes.

    SQLite needs nothing more: a `transaction()` there already excludes every other writer.
    """
    connection = session.connection() if isinstance(session, Session) else session
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(f"northing {name}".encode()).digest()[:8], "big", signed=True)
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def _make_engine(url: URL) -> Engine:
    if url.get_backend_name() in ("postgresql", "postgres"):
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=5, max_overflow=10
        )
        event.listen(engine, "begin", _begin_postgresql)
        return engine
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 15, "check_same_thread": False})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    """WAL with full sync: a committed row survives a power cut; foreign keys are enforced."""
    connection.isolation_level = None
    for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the write lock at once: a read that upgrades later fails at once, `database is locked`."""
    reading = bool(connection.get_execution_options().get("reading"))
    connection.exec_driver_sql(f"PRAGMA query_only={int(reading)}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
