"""The table of values that others work out and keep here by name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Double, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from northing.server.auth.models import ProjectOwned
from northing.server.db.base import Base, Created


class MetricValue(Base, Created, ProjectOwned):
    """The value of a named metric for the period that begins at `at`; there is one of each."""

    __tablename__ = "metric_values"
    __table_args__ = (
        UniqueConstraint("project_id", "name", "period", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    period: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    value: Mapped[float] = mapped_column(Double)
    target: Mapped[float | None] = mapped_column(Double)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime]
