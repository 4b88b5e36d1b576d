"""Brings the metadata database to the schema of this version; safe when several processes start at once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from northing.kernel.problems import Problem
from northing.server.db.base import Database, lock_name


def migrate(database: Database) -> str:
    """Run what is missing, all in one transaction under a lock, and return the schema's revision.

    Raises `Problem` when the database was written by a newer version.
    """
    config = _alembic_config()
    scripts = ScriptDirectory.from_config(config)
    head = scripts.get_current_head()
    assert head is not None
    with database.engine.begin() as connection:
        lock_name(connection, "migrate")
        present = MigrationContext.configure(connection).get_current_revision()
        if present == head:
            return head
        _refuse_newer(scripts, present)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return head


def schema_revision(connection: Connection) -> str | None:
    """The revision the database is at; None before the first migration."""
    return MigrationContext.configure(connection).get_current_revision()


def check_database(database: Database) -> None:
    """Raise `Problem` 503 unless the database answers and has the schema of this version."""
    head = ScriptDirectory.from_config(_alembic_config()).get_current_head()
    with database.read() as session:
        session.execute(text("SELECT 1"))
        present = schema_revision(session.connection())
    if present != head:
        raise Problem(503, "schema_outdated", f"The metadata database is at {present}, this version needs {head}.")


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _refuse_newer(scripts: ScriptDirectory, present: str | None) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    if present is not None and present not in known:
        raise Problem(
            500,
            "schema_newer",
            f"The metadata database was written by a newer version of Northing (schema {present}).",
            "Install that version again, or restore the backup made before the upgrade.",
        )
