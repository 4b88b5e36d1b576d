"""Signing in with a password, and changing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from northing.kernel.problems import Problem, invalid
from northing.server.auth.actor import Actor
from northing.server.auth.attempts import Guess, count_attempt, forgive_attempt
from northing.server.auth.audit import Deed, record
from northing.server.auth.models import User
from northing.server.auth.passwords import Passwords, check_password
from northing.server.auth.people import find_by_email
from northing.server.auth.sessions import Origin, begin_session, end_other_sessions
from northing.server.auth.work import Work
from northing.server.db.base import Database


@dataclass(frozen=True, slots=True)
class Doorway:
    """What every sign-in needs besides the credentials."""

    database: Database
    passwords: Passwords
    idle: timedelta
    now: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person gives; the address as they typed it."""

    email: str
    password: str


def sign_in(doorway: Doorway, credentials: Credentials, *, origin: Origin) -> str:
    """Check the password and return the secret of a new session.

    Raises 401, the same and after the same time whether the person or only the password is unknown; 429 after
    too many attempts. No transaction is open while the hash is computed.
    """
    guess = Guess(credentials.email.strip().lower(), origin.ip)
    count_attempt(doorway.database, guess, now=doorway.now)
    with doorway.database.read() as session:
        user = find_by_email(session, guess.email)
    if not doorway.passwords.matches(user.password_hash if user else None, credentials.password) or user is None:
        _record_refusal(doorway, user, origin=origin)
        raise Problem(401, "wrong_credentials", "This e-mail and password do not fit together.")
    forgive_attempt(doorway.database, guess)
    outdated = doorway.passwords.is_outdated(user.password_hash)
    return _begin(
        doorway, user, origin=origin, newer_hash=doorway.passwords.hash(credentials.password) if outdated else None
    )


def change_password(doorway: Doorway, actor: Actor, *, current: str, new: str) -> None:
    """Replace the person's password and end their other sign-ins."""
    guess = Guess(actor.name, actor.ip)
    count_attempt(doorway.database, guess, now=doorway.now)
    with doorway.database.read() as session:
        user = session.get_one(User, actor.id)
    if not doorway.passwords.matches(user.password_hash, current):
        with doorway.database.transaction() as session:
            record(Work(session, actor, doorway.now), Deed("account.password_refused", f"user:{user.id}"))
        raise invalid("current_password", "is not your password")
    forgive_attempt(doorway.database, guess)
    check_password(new, user.email, path="new_password")
    hashed = doorway.passwords.hash(new)
    with doorway.database.transaction() as session:
        user = session.get_one(User, actor.id)
        user.password_hash, user.password_changed_at = hashed, doorway.now
        end_other_sessions(session, user.id, keep=actor.session_id)
        record(Work(session, actor, doorway.now), Deed("account.password_changed", f"user:{user.id}"))


def _record_refusal(doorway: Doorway, user: User | None, *, origin: Origin) -> None:
    """Who was meant, where there is such a person; else no name, since people type passwords into that field too."""
    actor = Actor("user", user.id if user else None, user.email if user else "unknown", ip=origin.ip)
    with doorway.database.transaction() as session:
        target = f"user:{user.id}" if user else "user:unknown"
        record(Work(session, actor, doorway.now), Deed("session.refused", target))


def _begin(doorway: Doorway, known: User, *, origin: Origin, newer_hash: str | None) -> str:
    with doorway.database.transaction() as session:
        user = session.get_one(User, known.id)
        if newer_hash is not None:
            user.password_hash = newer_hash
        secret = begin_session(session, user.id, origin=origin, now=doorway.now, idle=doorway.idle)
        actor = Actor("user", user.id, user.email, ip=origin.ip)
        record(Work(session, actor, doorway.now), Deed("session.created", f"user:{user.id}"))
    return secret
