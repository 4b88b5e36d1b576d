from __future__ import annotations

import io
import json
import logging
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError

from northing.server.auth.models import User
from northing.server.db import Database
from northing.server.db.base import STATEMENT_SECONDS, lock_name
from northing.server.logs import configure_logs

MOMENT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))


def user(email: str = "alice@example.com", **changes: object) -> User:
    values = {"email": email, "name": "A", "password_hash": "x", "password_changed_at": MOMENT, "created_at": MOMENT}
    return User(**{**values, **changes})


def test_moments_come_back_in_utc_to_the_microsecond(database: Database) -> None:
    with database.transaction() as session:
        session.add(user())
    with database.read() as session:
        found = session.scalars(select(User.created_at)).one()
    assert found == MOMENT
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"), database.transaction() as session:
        session.add(user(created_at=datetime(2026, 3, 1)))  # noqa: DTZ001


def test_an_error_rolls_everything_back(database: Database) -> None:
    with suppress(ZeroDivisionError), database.transaction() as session:
        session.add(user())
        session.flush()
        raise ZeroDivisionError
    with database.read() as session:
        assert session.scalars(select(User)).all() == []


def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)read-?only"), database.read() as session:
        session.execute(text("DELETE FROM users"))


def test_a_read_does_not_wait_for_a_writer_and_sees_one_snapshot(database: Database) -> None:
    with database.read() as before:
        assert before.scalars(select(User)).all() == []
        with database.transaction() as session:
            session.add(user())
            with database.read() as during:
                assert during.scalars(select(User)).all() == []
        assert before.scalars(select(User)).all() == []


def test_writers_after_a_read_on_the_same_connection_can_write(database: Database) -> None:
    with database.read() as session:
        session.execute(select(User.id))
    with database.transaction() as session:
        session.add(user())
    with database.read() as session:
        assert len(session.scalars(select(User)).all()) == 1


def test_read_then_write_in_many_threads_loses_no_update(database: Database) -> None:
    with database.transaction() as session:
        session.add(user(name="0"))

    def add_one() -> None:
        with database.transaction() as session:
            lock_name(session, "counter")
            row = session.scalars(select(User)).one()
            row.name = str(int(row.name) + 1)

    threads = [threading.Thread(target=add_one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert session.scalars(select(User.name)).one() == "12"


def test_numbers_of_deleted_rows_are_not_given_out_again(database: Database) -> None:
    with database.transaction() as session:
        session.add(user())
    with database.transaction() as session:
        session.delete(session.scalars(select(User)).one())
    with database.transaction() as session:
        session.add(user())
    with database.read() as session:
        assert session.scalars(select(User.id)).one() == 2


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """What is logged; afterwards logging is as pytest had it."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs("info", "json", stream=stream)
    yield stream
    structlog.reset_defaults()
    root.handlers, root.level = before, level


def test_an_error_shows_no_value_of_the_row(database: Database, out: io.StringIO) -> None:
    with database.transaction() as session:
        session.add(user())
    for changes in ({"password_hash": "the hash"}, {"email": "secret@example.com", "name": None}):
        try:
            with database.transaction() as session:
                session.add(user(**changes))
        except IntegrityError as error:
            structlog.get_logger("test").exception("failed", error=str(error), shown=repr(error))
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["failed", "failed"]
    assert all("users" in line["error"] for line in lines)
    for value in ("alice@example.com", "the hash", "secret@example.com", "2026-03-01"):
        assert value not in out.getvalue()


def test_a_postgresql_that_accepts_and_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        database = Database(f"postgresql://nobody@127.0.0.1:{server.getsockname()[1]}/northing")
        began = time.monotonic()
        with pytest.raises(OperationalError, match="timeout"), database.read() as session:
            session.execute(select(1))
        database.close()
    assert time.monotonic() - began < 9


@pytest.mark.postgresql
def test_statements_on_postgresql_have_an_end_and_migrations_do_not(postgresql_database: str) -> None:
    database = Database(postgresql_database)
    shown = text("SHOW statement_timeout")
    for unit in (database.read, database.transaction):
        with unit() as session:
            assert session.scalar(shown) == f"{STATEMENT_SECONDS // 60}min"
    with database.engine.begin() as connection:
        assert connection.scalar(shown) == "0"
    database.close()


def test_a_write_that_may_be_lost_does_not_wait_for_long_and_then_pauses(database: Database) -> None:
    with database.transaction() as session:
        session.add(user())
    rename = text("UPDATE users SET name = 'B'")
    with database.transaction() as holder, structlog.testing.capture_logs() as logs:
        holder.execute(text("UPDATE users SET name = 'C'"))
        began = time.monotonic()
        for _ in range(3):
            database.write_if_possible("a name", lambda session: session.execute(rename))
        assert time.monotonic() - began < 4
    assert [entry["event"] for entry in logs] == ["write_skipped"]


def test_a_write_that_may_be_lost_is_written_where_nothing_is_wrong(database: Database) -> None:
    with database.transaction() as session:
        session.add(user())
    database.write_if_possible("a name", lambda session: session.execute(text("UPDATE users SET name = 'B'")))
    with database.read() as session:
        assert session.scalars(select(User.name)).one() == "B"


def test_who_starts_while_another_makes_the_file_waits(tmp_path: Path) -> None:
    """For entering WAL alone, SQLite itself gives up at once while another writes."""
    path = tmp_path / "new.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE t (a)")
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, other.close).start()
    database = Database(f"sqlite:///{path}")
    with database.read() as session:
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    database.close()
