from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, StatementError

from northing.server.auth.models import User
from northing.server.db import Database
from northing.server.db.base import lock_name

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
