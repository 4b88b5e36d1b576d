from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

import northing.data.ingest.models  # noqa: F401
from northing.kernel.problems import Problem
from northing.server.auth.models import User
from northing.server.db import Base, Database, migrate
from northing.server.db.migrate import _alembic_config, check_database


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    database = Database(empty_database_url)
    yield database
    database.close()


def test_the_migrated_schema_is_that_of_the_models(empty: Database) -> None:
    migrate(empty)
    with empty.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_accounts_from_before_belong_to_the_first_project_they_were_in(empty: Database) -> None:
    moment = "'2026-03-01T00:00:00+00:00'"
    config = _alembic_config()
    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for number, name in ((1, "alice"), (2, "bob")):
            person = f"{number}, '{name}@example.com', '{name}', 'x', {moment}, {moment}"
            connection.execute(text(f"INSERT INTO users VALUES ({person})"))
            project = f"{number}, 'P', '{number:032x}', 'UTC', 'monday', NULL, 'drop', NULL, {moment}"
            connection.execute(text(f"INSERT INTO projects VALUES ({project})"))
            connection.execute(text(f"INSERT INTO memberships VALUES ({number}, 1, 'viewer', {moment})"))
    migrate(empty)
    with empty.read() as session:
        assert session.scalars(select(User.home_project_id).order_by(User.id)).all() == [1, None]


def test_migrating_again_changes_nothing(empty: Database) -> None:
    assert migrate(empty) == migrate(empty)
    check_database(empty)


def test_processes_that_start_together_migrate_once(empty_database_url: str) -> None:
    databases = [Database(empty_database_url) for _ in range(4)]
    failures: list[BaseException] = []

    def start(database: Database) -> None:
        try:
            migrate(database)
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=start, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        database.close()
    assert failures == []


def test_a_database_of_a_newer_version_is_refused(empty: Database) -> None:
    migrate(empty)
    with empty.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Problem, match="newer version"):
        migrate(empty)


def test_a_database_behind_is_not_ready(empty: Database) -> None:
    with pytest.raises(Problem, match=r"needs \d{4}"):
        check_database(empty)


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"])
def test_the_audit_log_is_append_only(database: Database, statement: str) -> None:
    with database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO audit_entries (actor_kind, actor_name, action, target, ip, details, created_at) "
                "VALUES ('system', 'x', 'x', 'x', '', '{}', '2026-03-01T00:00:00+00:00')"
            )
        )
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
        session.execute(text(statement))
