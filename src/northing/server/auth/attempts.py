"""Limits on guessing passwords, shared by all workers.

An attempt is counted before the password is checked, so that parallel guesses cannot slip through, and
given back when it succeeds. Refused attempts are not counted: a window always ends a quarter of an hour
after it began, and nobody can be locked out for longer by going on. Whoever hammers one address from
many places cannot lock its owner out at all where the owner is signed in, or was lately: the limit per
e-mail does not hold for addresses that have a live session of that person.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from northing.kernel.problems import Problem
from northing.server.auth.models import SignInAttempts, User, UserSession
from northing.server.db.base import Database, lock_name

WINDOW = timedelta(minutes=15)
MOST_PER_PAIR = 10
MOST_PER_ADDRESS = 30
MOST_PER_EMAIL = 100


@dataclass(frozen=True, slots=True)
class Guess:
    """Whose password is given, and from which address."""

    email: str
    ip: str


@dataclass(frozen=True, slots=True)
class _Subject:
    key: str
    most: int


def count_attempt(database: Database, guess: Guess, *, now: datetime) -> None:
    """Count one attempt to give a password. Raises 429 with `Retry-After` when there were too many."""
    with database.transaction() as session:
        lock_name(session, "sign-in attempts")
        session.execute(delete(SignInAttempts).where(SignInAttempts.window_started_at <= now - WINDOW))
        for subject in _subjects(session, guess):
            _count(session, subject, now=now)


def forgive_attempt(database: Database, guess: Guess) -> None:
    """Give back an attempt that succeeded, and forget the failures of this person at this address."""
    with database.transaction() as session:
        lock_name(session, "sign-in attempts")
        pair = session.get(SignInAttempts, _key("pair", guess.email, guess.ip))
        if pair is not None:
            session.delete(pair)
        for key in (_key("address", _network(guess.ip)), _key("email", guess.email)):
            row = session.get(SignInAttempts, key)
            if row is not None:
                row.count = max(0, row.count - 1)


def _subjects(session: Session, guess: Guess) -> list[_Subject]:
    subjects = [
        _Subject(_key("pair", guess.email, guess.ip), MOST_PER_PAIR),
        _Subject(_key("address", _network(guess.ip)), MOST_PER_ADDRESS),
    ]
    if not _is_known_address(session, guess):
        subjects.append(_Subject(_key("email", guess.email), MOST_PER_EMAIL))
    return subjects


def _is_known_address(session: Session, guess: Guess) -> bool:
    known = select(UserSession.id).join(User, User.id == UserSession.user_id)
    return session.scalar(known.where(User.email == guess.email, UserSession.ip == guess.ip).limit(1)) is not None


def _count(session: Session, subject: _Subject, *, now: datetime) -> None:
    row = session.get(SignInAttempts, subject.key)
    if row is None:
        session.add(SignInAttempts(subject=subject.key, window_started_at=now, count=1))
        return
    if row.count >= subject.most:
        seconds = max(1, math.ceil((row.window_started_at + WINDOW - now).total_seconds()))
        raise too_many("Too many sign-in attempts.", seconds)
    row.count += 1


def too_many(message: str, seconds: int) -> Problem:
    """The 429 of every limit."""
    return Problem(
        429, "too_many_requests", message, f"Try again in {seconds} s.", headers={"Retry-After": str(seconds)}
    )


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _network(ip: str) -> str:
    """One customer has at least a /64 of IPv6, so that is what counts as one address."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    return ip if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
