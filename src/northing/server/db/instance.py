"""Which installation this is: what tells its keys in a shared Redis from those of another."""

from __future__ import annotations

import secrets

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from northing.kernel.clock import utc_now
from northing.server.db.base import Base, Created, Database, lock_name


class Instance(Base, Created):
    """The one row about the installation itself; a backup carries it along."""

    __tablename__ = "instance"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)


def instance_name(database: Database) -> str:
    """The installation's random name, made when it is first asked for; the same in every process."""
    with database.read() as session:
        name = session.scalar(select(Instance.name))
    return name or _make_name(database)


def _make_name(database: Database) -> str:
    with database.transaction() as session:
        lock_name(session, "instance")
        present: str | None = session.scalar(select(Instance.name))
        if present is not None:
            return present
        made = Instance(name=secrets.token_hex(8), created_at=utc_now())
        session.add(made)
        return made.name
