"""Tables of the people slice; members of cohorts are in the event store, as one bitmap per cohort."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from northing.server.auth.models import ProjectOwned
from northing.server.db.base import Base, Created


class Cohort(Base, Created, ProjectOwned):
    """A list of people (`static`) or a rule that makes one (`dynamic`). Numbers are never given out twice.

    `version` counts definitions. `generation` counts calculations: the event store believes the greatest, so that a
    calculation which ends late cannot put older members in the place of newer ones.
    """

    __tablename__ = "cohorts"
    __table_args__ = (
        Index(None, "project_id", "name"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(8))
    definition: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    source: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    tags: Mapped[list[str]] = mapped_column(JSON)
    version: Mapped[int]
    generation: Mapped[int]
    size: Mapped[int | None]
    calculated_at: Mapped[datetime | None]
    calculating_since: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    updated_at: Mapped[datetime]


class CohortVersion(Base, Created, ProjectOwned):
    """A definition that a newer one has replaced."""

    __tablename__ = "cohort_versions"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)


class CohortFavourite(Base, ProjectOwned):
    """A cohort that a member likes to find first; gone with the membership."""

    __tablename__ = "cohort_favourites"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "user_id"], ["memberships.project_id", "memberships.user_id"], ondelete="CASCADE"
        ),
    )

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int]


class SegmentRules(Base, ProjectOwned):
    """A project's own thresholds of the built-in segments; those that it did not change are not here."""

    __tablename__ = "segment_rules"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime]
