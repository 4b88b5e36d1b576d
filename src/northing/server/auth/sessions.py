"""Sign-ins of browsers: a random 256-bit secret in the cookie, only its SHA-256 in the database."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from northing.kernel.problems import not_found
from northing.server.auth.models import User, UserSession

TOUCH_AFTER = timedelta(minutes=1)
_AGENT_LENGTH = 250


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from."""

    ip: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """One sign-in, as its person sees it in the account page."""

    id: int
    created_at: datetime
    last_seen_at: datetime
    ip: str
    user_agent: str
    current: bool


def hash_secret(secret: str) -> str:
    """What is stored of a session secret or an API key; both are random, so no salt or slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def csrf_token(secret: str) -> str:
    """The token of a session: whoever can read it can read the session's answers, and nobody else can make it."""
    digest = hmac.digest(secret.encode("utf-8", "replace"), b"northing csrf", "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def csrf_matches(secret: str, given: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(csrf_token(secret).encode(), given.encode("utf-8", "replace"))


def begin_session(session: Session, user_id: int, *, origin: Origin, now: datetime, idle: timedelta) -> str:
    """Insert a sign-in and return its secret; sign-ins that have expired go at the same time."""
    session.execute(delete(UserSession).where(UserSession.last_seen_at < now - idle))
    secret = secrets.token_urlsafe(32)
    row = UserSession(
        user_id=user_id,
        secret_hash=hash_secret(secret),
        ip=origin.ip,
        user_agent=_printable(origin.user_agent),
        created_at=now,
        last_seen_at=now,
    )
    session.add(row)
    session.flush()
    return secret


def find_session(session: Session, secret: str, *, now: datetime, idle: timedelta) -> tuple[UserSession, User] | None:
    """The live sign-in of a cookie, with its person."""
    row = session.execute(
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.secret_hash == hash_secret(secret), UserSession.last_seen_at >= now - idle)
    ).first()
    return None if row is None else (row[0], row[1])


def list_sessions(session: Session, user_id: int, *, current: int | None) -> list[SessionInfo]:
    """A person's sign-ins, the latest used first."""
    rows = session.scalars(
        select(UserSession).where(UserSession.user_id == user_id).order_by(UserSession.last_seen_at.desc())
    )
    return [
        SessionInfo(row.id, row.created_at, row.last_seen_at, row.ip, row.user_agent, row.id == current) for row in rows
    ]


def end_session(session: Session, session_id: int, *, user_id: int) -> None:
    """End one of the person's own sign-ins; 404 for anyone else's."""
    row = session.get(UserSession, session_id)
    if row is None or row.user_id != user_id:
        raise not_found("session")
    session.delete(row)


def end_other_sessions(session: Session, user_id: int, *, keep: int | None) -> None:
    """End every sign-in of the person but one."""
    session.execute(delete(UserSession).where(UserSession.user_id == user_id, UserSession.id != (keep or 0)))


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())[:_AGENT_LENGTH]
