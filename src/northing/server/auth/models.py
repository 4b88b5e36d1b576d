"""Tables of people, projects, keys, sessions and the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from northing.server.db.base import Base, Created


class User(Base, Created):
    """A person who can sign in. `email` is kept in lower case.

    `home_project_id` is the project the account was made in: its admins know whose it is, those of others do not.
    No foreign key, since numbers of projects are never given out twice.
    """

    __tablename__ = "users"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(255))
    password_changed_at: Mapped[datetime]
    home_project_id: Mapped[int | None]


class UserSession(Base, Created):
    """One sign-in on one browser; the cookie holds the secret, the row only its SHA-256."""

    __tablename__ = "user_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    last_seen_at: Mapped[datetime] = mapped_column(index=True)
    ip: Mapped[str] = mapped_column(String(45))
    user_agent: Mapped[str] = mapped_column(String(250))


class Project(Base, Created):
    """One tenant. Identifiers are never given out twice: stored events carry them after the row is gone."""

    __tablename__ = "projects"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    token: Mapped[str] = mapped_column(String(32), unique=True)
    timezone: Mapped[str] = mapped_column(String(64))
    week_start: Mapped[str] = mapped_column(String(6))
    retention_days: Mapped[int | None]
    keep_ip: Mapped[str] = mapped_column(String(8))
    deleted_at: Mapped[datetime | None]


class ProjectOwned:
    """Marks tenant rows: `visible_to` narrows every read of them by `project_id`."""

    if TYPE_CHECKING:
        project_id: Mapped[Any]


class Membership(Base, Created, ProjectOwned):
    """A person's role in a project."""

    __tablename__ = "memberships"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(8))


class ApiKey(Base, Created, ProjectOwned):
    """A secret key: only its SHA-256 and last four characters are kept. No project: valid for the whole instance."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    last_four: Mapped[str] = mapped_column(String(4))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class AuditEntry(Base, Created, ProjectOwned):
    """Who did what to which thing, when and from where. Triggers refuse updates and deletions.

    No foreign keys: an entry outlives the project, the person and the key that it names.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index(None, "project_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None]
    actor_kind: Mapped[str] = mapped_column(String(8))
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(254))
    action: Mapped[str] = mapped_column(String(60))
    target: Mapped[str] = mapped_column(String(254))
    ip: Mapped[str] = mapped_column(String(45))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


class SignInAttempts(Base):
    """Failed sign-ins of one subject (a hash of an address, an e-mail, or both) in its present window."""

    __tablename__ = "sign_in_attempts"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_started_at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int] = mapped_column(BigInteger)
