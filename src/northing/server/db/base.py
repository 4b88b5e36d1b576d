"""The metadata database: SQLite by default, PostgreSQL by URL; one set of models and migrations for both."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import structlog
from sqlalchemy import (
    URL,
    Connection,
    DateTime,
    Dialect,
    Engine,
    ExceptionContext,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from northing.kernel.problems import Problem

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
STATEMENT_SECONDS = 60
LOCK_SECONDS = 15
HURRY_SECONDS = 1
_WAL_PAUSE_SECONDS = 0.02
HURRY_PAUSE_SECONDS = 60.0
# A server that is gone or frozen is noticed in seconds, where TCP alone would take a quarter of an hour or for ever.
_POSTGRESQL_CONNECT: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}

log = structlog.get_logger(__name__)


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
        self._writers = self._sessions(limited=True)
        self._readers = self._sessions(limited=True, reading=True)
        self._hurried = self._sessions(limited=True, hurried=True)
        self._hurry_again_at = 0.0

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

    def write_if_possible(self, what: str, write: Callable[[Session], object]) -> None:
        """A small write that may be lost, such as a moment of last use: reading must not need writing.

        It waits a second at most for others. Where it fails (disk full, database locked) the log says so and
        nothing of the kind is tried for a minute, so that readers are not slowed down one by one.
        """
        if time.monotonic() < self._hurry_again_at:
            return
        try:
            with self._hurried.begin() as session:
                write(session)
        except (OperationalError, InternalError, NoConnectionLeft) as error:
            self._hurry_again_at = time.monotonic() + HURRY_PAUSE_SECONDS
            log.warning("write_skipped", what=what, error=str(error), pause_s=HURRY_PAUSE_SECONDS)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def _sessions(self, **options: bool) -> sessionmaker[Session]:
        return sessionmaker(self.engine.execution_options(**options), expire_on_commit=False)


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
        return _make_postgresql(url)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    connect = {"timeout": LOCK_SECONDS, "check_same_thread": False}
    engine = create_engine(url, connect_args=connect, hide_parameters=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_postgresql(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={name: value for name, value in _POSTGRESQL_CONNECT.items() if name not in url.query},
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=10,
    )
    event.listen(engine, "begin", _begin_postgresql)
    event.listen(engine, "handle_error", _hide_row)
    return engine


def _begin_postgresql(connection: Connection) -> None:
    """All that a transaction needs in one round trip; migrations alone may take as long as they like."""
    options = connection.get_execution_options()
    settings = ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"] if options.get("reading") else []
    if options.get("limited"):
        settings.append(f"SET LOCAL statement_timeout = {STATEMENT_SECONDS * 1000}")
    if options.get("hurried"):
        settings.append(f"SET LOCAL lock_timeout = {HURRY_SECONDS * 1000}")
    if settings:
        connection.exec_driver_sql("; ".join(settings))


def _hide_row(context: ExceptionContext) -> None:
    """PostgreSQL quotes the row at fault in an error's DETAIL, and rows hold e-mails and hashes of secrets."""
    diagnosis = getattr(context.original_exception, "diag", None)
    shown = getattr(diagnosis, "message_primary", None)
    if not shown:
        return
    name = type(context.original_exception).__name__
    context.original_exception.args = (shown,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (f"(psycopg.errors.{name}) {shown}",)


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """WAL with full sync: a committed row survives a power cut; foreign keys are enforced."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={LOCK_SECONDS * 1000}")
    _enter_wal(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _enter_wal(connection: sqlite3.Connection) -> None:
    """For this step alone SQLite does not wait itself while others who start just now take it too."""
    give_up = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            # The low byte is the error, the others say more of it.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(_WAL_PAUSE_SECONDS)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the write lock at once: a read that upgrades later fails at once, `database is locked`."""
    options = connection.get_execution_options()
    reading = bool(options.get("reading"))
    patience = HURRY_SECONDS if options.get("hurried") else LOCK_SECONDS
    connection.exec_driver_sql(f"PRAGMA busy_timeout={patience * 1000}")
    connection.exec_driver_sql(f"PRAGMA query_only={int(reading)}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
