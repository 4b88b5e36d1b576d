"""What the loader remembers, in the same transaction: how far it has loaded, and what became of every event."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from northing.server.db.base import Base


class LoaderCheckpoint(Base):
    """One row (id 1): the number of the last batch that is in the store, and the counts of it."""

    __tablename__ = "loader_checkpoints"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch: Mapped[int] = mapped_column(BigInteger)
    loaded_at: Mapped[datetime]


class SpoolPosition(Base):
    """How far one spool file has been loaded; the row goes when the file goes."""

    __tablename__ = "spool_positions"

    segment: Mapped[str] = mapped_column(String(120), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


class LedgerCount(Base):
    """Events of one project received in one hour that met one fate.

    `outcome` is `stored`, `deduplicated` or `dropped`; `reason` is empty but for `dropped`.
    """

    __tablename__ = "ledger_counts"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
