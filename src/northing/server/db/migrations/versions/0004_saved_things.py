"""Insights with their versions, tags and favourites; annotations; values of named metrics."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Tables of the insights and compatible slices, which this layer may not import."""
    _make_insights()
    _make_beside_insights()
    _make_annotations()
    _make_metric_values()


def _project() -> sa.Column[Any]:
    return sa.Column("project_id", sa.Integer, sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=False)


def _user(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, sa.ForeignKey("users.id", ondelete="SET NULL"))


def _insight_key() -> sa.Column[Any]:
    return sa.Column("insight_id", sa.Integer, sa.ForeignKey("insights.id", ondelete="CASCADE"), primary_key=True)


def _make_insights() -> None:
    op.create_table(
        "insights",
        sa.Column("id", sa.Integer, primary_key=True),
        _project(),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("query", sa.JSON, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        _user("owner_id"),
        _user("updated_by_id"),
        sa.Column("updated_by_name", sa.String(254), nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("archived_at", _MOMENT),
        sa.Column("created_at", _MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_insights_project_id_updated_at", "insights", ["project_id", "updated_at"])


def _make_beside_insights() -> None:
    op.create_table(
        "insight_versions",
        _insight_key(),
        sa.Column("version", sa.Integer, primary_key=True),
        _project(),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("query", sa.JSON, nullable=False),
        sa.Column("tags", sa.JSON, nullable=False),
        _user("made_by_id"),
        sa.Column("made_by_name", sa.String(254), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "insight_tags",
        _insight_key(),
        sa.Column("tag", sa.String(60), primary_key=True),
        _project(),
    )
    op.create_index("ix_insight_tags_project_id_tag", "insight_tags", ["project_id", "tag"])
    op.create_table(
        "insight_favourites",
        _insight_key(),
        sa.Column("user_id", sa.Integer, primary_key=True),
        sa.Column("project_id", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id", "user_id"], ["memberships.project_id", "memberships.user_id"], ondelete="CASCADE"
        ),
    )


def _make_annotations() -> None:
    op.create_table(
        "annotations",
        sa.Column("id", sa.Integer, primary_key=True),
        _project(),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("day", sa.String(10)),
        sa.Column("insight_id", sa.Integer, sa.ForeignKey("insights.id", ondelete="CASCADE"), index=True),
        _user("owner_id"),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_annotations_project_id_at", "annotations", ["project_id", "at"])


def _make_metric_values() -> None:
    op.create_table(
        "metric_values",
        sa.Column("id", sa.Integer, primary_key=True),
        _project(),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("value", sa.Double, nullable=False),
        sa.Column("target", sa.Double),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("project_id", "name", "period", "at"),
        sqlite_autoincrement=True,
    )
