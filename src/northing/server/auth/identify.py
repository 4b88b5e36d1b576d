"""From a secret to an actor: who stands behind a bearer key or a session cookie."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import update

from northing.kernel.ids import SECRET_KEY_PREFIX
from northing.server.auth.actor import Actor, local_actor
from northing.server.auth.keys import find_key, touch_key
from northing.server.auth.models import UserSession
from northing.server.auth.people import Person, person_of, roles_of
from northing.server.auth.sessions import TOUCH_AFTER, find_session, hash_secret
from northing.server.db.base import Database


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person with a live session."""

    actor: Actor
    person: Person


def identify_key(
    database: Database, secret: str, *, now: datetime, ip: str, local_key_hash: str | None = None
) -> Actor | None:
    """The actor of a bearer secret: a stored key, or the local command line."""
    if local_key_hash is not None and hmac.compare_digest(hash_secret(secret), local_key_hash):
        return local_actor(ip)
    if not secret.startswith(SECRET_KEY_PREFIX):
        return None
    with database.read() as session:
        key = find_key(session, secret, now=now)
    if key is None:
        return None
    if _is_stale(key.last_used_at, now):
        database.write_if_possible("last use of a key", lambda session: touch_key(session, key.id, now=now))
    return Actor("key", key.id, key.name, scopes=frozenset(key.scopes), project_id=key.project_id, ip=ip)


def identify_session(
    database: Database, secret: str, *, now: datetime, idle: timedelta, ip: str = ""
) -> SignedIn | None:
    """The person of a session cookie."""
    with database.read() as session:
        found = find_session(session, secret, now=now, idle=idle)
        if found is None:
            return None
        row, user = found
        roles = roles_of(session, user.id)
    if _is_stale(row.last_seen_at, now):
        seen = update(UserSession).where(UserSession.id == row.id).values(last_seen_at=now)
        database.write_if_possible("last use of a sign-in", lambda session: session.execute(seen))
    actor = Actor("user", user.id, user.email, roles=roles, session_id=row.id, ip=ip)
    return SignedIn(actor, person_of(user))


def refreshed(database: Database, actor: Actor) -> Actor:
    """The same person with the roles they hold now, after a change in the same request."""
    if not actor.is_person or actor.id is None:
        return actor
    with database.read() as session:
        return replace(actor, roles=roles_of(session, actor.id))


def _is_stale(moment: datetime | None, now: datetime) -> bool:
    """Written at most once a minute: reading must not become writing."""
    return moment is None or now - moment >= TOUCH_AFTER
