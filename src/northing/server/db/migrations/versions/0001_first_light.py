"""People, projects, keys, sessions, audit, and what the loader remembers.

The loader's tables belong to `northing.data`, which this layer may not import; a test compares
this file with every model on both databases.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table of the first version, and the triggers that keep the audit log append-only."""
    _make_people()
    _make_projects()
    _make_audit()
    _make_loader()


def _table(name: str, *parts: sa.schema.SchemaItem, autoincrement: bool = False) -> None:
    op.create_table(name, *parts, sqlite_autoincrement=autoincrement)


def _make_people() -> None:
    _table(
        "users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("password_changed_at", _MOMENT, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("email", name="uq_users_email"),
        autoincrement=True,
    )
    _table(
        "user_sessions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("last_seen_at", _MOMENT, nullable=False),
        sa.Column("ip", sa.String(45), nullable=False),
        sa.Column("user_agent", sa.String(250), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("secret_hash", name="uq_user_sessions_secret_hash"),
    )
    op.create_index("ix_user_sessions_user_id", "user_sessions", ["user_id"])
    op.create_index("ix_user_sessions_last_seen_at", "user_sessions", ["last_seen_at"])
    _table(
        "sign_in_attempts",
        sa.Column("subject", sa.String(64), primary_key=True),
        sa.Column("window_started_at", _MOMENT, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_sign_in_attempts_window_started_at", "sign_in_attempts", ["window_started_at"])


def _make_projects() -> None:
    _table(
        "projects",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("week_start", sa.String(6), nullable=False),
        sa.Column("retention_days", sa.Integer),
        sa.Column("keep_ip", sa.String(8), nullable=False),
        sa.Column("deleted_at", _MOMENT),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("token", name="uq_projects_token"),
        autoincrement=True,
    )
    _table(
        "memberships",
        sa.Column("project_id", sa.Integer, sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_memberships_user_id", "memberships", ["user_id"])
    _table(
        "api_keys",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("project_id", sa.Integer, sa.ForeignKey("projects.id", ondelete="CASCADE")),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("last_four", sa.String(4), nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("created_by", sa.Integer, sa.ForeignKey("users.id", ondelete="SET NULL")),
        sa.Column("expires_at", _MOMENT),
        sa.Column("last_used_at", _MOMENT),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("secret_hash", name="uq_api_keys_secret_hash"),
    )
    op.create_index("ix_api_keys_project_id", "api_keys", ["project_id"])


def _make_audit() -> None:
    _table(
        "audit_entries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("project_id", sa.Integer),
        sa.Column("actor_kind", sa.String(8), nullable=False),
        sa.Column("actor_id", sa.Integer),
        sa.Column("actor_name", sa.String(254), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("target", sa.String(254), nullable=False),
        sa.Column("ip", sa.String(45), nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        autoincrement=True,
    )
    op.create_index("ix_audit_entries_project_id_id", "audit_entries", ["project_id", "id"])
    for statement in _SQLITE_TRIGGERS if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL_TRIGGERS:
        op.execute(statement)


_SQLITE_TRIGGERS = tuple(
    f"CREATE TRIGGER audit_entries_no_{verb.lower()} BEFORE {verb} ON audit_entries "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    for verb in ("UPDATE", "DELETE")
)
_POSTGRESQL_TRIGGERS = (
    """
    CREATE FUNCTION audit_entries_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$
    """,
    """
    CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_entries_append_only()
    """,
)


def _make_loader() -> None:
    _table(
        "loader_checkpoints",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("batch", sa.BigInteger, nullable=False),
        sa.Column("loaded_at", _MOMENT, nullable=False),
    )
    _table(
        "spool_positions",
        sa.Column("segment", sa.String(120), primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
    )
    _table(
        "ledger_counts",
        sa.Column("project_id", sa.Integer, sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("hour", _MOMENT, primary_key=True),
        sa.Column("outcome", sa.String(16), primary_key=True),
        sa.Column("reason", sa.String(40), primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
