"""Tables of what people save: insights with their versions, tags and favourites, and annotations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from northing.server.auth.models import ProjectOwned
from northing.server.db.base import Base, Created


class Insight(Base, Created, ProjectOwned):
    """A saved question. `kind` is that of its query; `is_active` matters to funnels alone.

    `display` is how its page shows the answer, and nothing of the question; those saved before there was any have none.
    `updated_by_name` is the name of whoever changed it last, for keys, which are no users.
    """

    __tablename__ = "insights"
    __table_args__ = (
        Index(None, "project_id", "updated_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(40))
    query: Mapped[dict[str, Any]] = mapped_column(JSON)
    display: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    is_active: Mapped[bool]
    version: Mapped[int]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    updated_by_name: Mapped[str] = mapped_column(String(254))
    updated_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class InsightVersion(Base, Created, ProjectOwned):
    """An insight as it was saved once; the present version is among them."""

    __tablename__ = "insight_versions"

    insight_id: Mapped[int] = mapped_column(ForeignKey("insights.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text)
    query: Mapped[dict[str, Any]] = mapped_column(JSON)
    display: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    tags: Mapped[list[str]] = mapped_column(JSON)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    made_by_name: Mapped[str] = mapped_column(String(254))


class InsightTag(Base, ProjectOwned):
    """A tag of an insight."""

    __tablename__ = "insight_tags"
    __table_args__ = (Index(None, "project_id", "tag"),)

    insight_id: Mapped[int] = mapped_column(ForeignKey("insights.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(60), primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))


class InsightFavourite(Base, ProjectOwned):
    """An insight that a member likes to find first; gone with the membership."""

    __tablename__ = "insight_favourites"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "user_id"], ["memberships.project_id", "memberships.user_id"], ondelete="CASCADE"
        ),
    )

    insight_id: Mapped[int] = mapped_column(ForeignKey("insights.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int]


class Annotation(Base, Created, ProjectOwned):
    """A note at a moment, of the whole project or of one insight.

    `day` is the date as it was given, where that was a date; `at` is then its first moment in the project's zone.
    """

    __tablename__ = "annotations"
    __table_args__ = (
        Index(None, "project_id", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    day: Mapped[str | None] = mapped_column(String(10))
    insight_id: Mapped[int | None] = mapped_column(ForeignKey("insights.id", ondelete="CASCADE"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    updated_at: Mapped[datetime]
