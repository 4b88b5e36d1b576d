"""Secret API keys: shown once, kept as a hash, never more powerful than whoever made them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from northing.kernel.ids import new_secret_key
from northing.kernel.problems import Problem, invalid, not_found
from northing.server.auth.actor import Actor
from northing.server.auth.audit import Deed, record
from northing.server.auth.models import ApiKey, Project
from northing.server.auth.projects import find_project
from northing.server.auth.roles import ALL_SCOPES, SCOPES
from northing.server.auth.sessions import hash_secret
from northing.server.auth.visibility import visible_to
from northing.server.auth.work import Work

LONGEST_LIFE = timedelta(days=3660)
INSTANCE_KEY_NAME = "NORTHING_ADMIN_KEY"


@dataclass(frozen=True, slots=True)
class KeyDraft:
    """What a new key is made of."""

    name: str
    scopes: tuple[str, ...]
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key as listed; `secret` only right after it was made."""

    id: int
    name: str
    last_four: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    secret: str | None = None


def list_keys(work: Work, project_id: int, *, after: int = 0, limit: int = 100) -> list[KeyView]:
    """Keys of the project, oldest first, from number `after` on."""
    work.actor.require("keys:write", project_id)
    query = visible_to(work.actor, ApiKey).where(ApiKey.project_id == project_id, ApiKey.id > after)
    return [_view(row) for row in work.session.scalars(query.order_by(ApiKey.id).limit(limit))]


def create_key(work: Work, project_id: int, *, draft: KeyDraft) -> KeyView:
    """Make a key of the project with scopes that the actor holds."""
    work.actor.require("keys:write", project_id)
    find_project(work, project_id)
    scopes = _check_scopes(work.actor, project_id, scopes=draft.scopes)
    if draft.expires_at is not None and not work.now < draft.expires_at <= work.now + LONGEST_LIFE:
        raise invalid("expires_at", "must be in the future, and at most ten years away")
    secret = new_secret_key()
    row = ApiKey(
        project_id=project_id,
        name=draft.name,
        secret_hash=hash_secret(secret),
        last_four=secret[-4:],
        scopes=list(scopes),
        created_by=work.actor.id if work.actor.is_person else None,
        expires_at=draft.expires_at,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    record(work, Deed("key.created", f"key:{row.id}", project_id), name=row.name, scopes=row.scopes)
    return _view(row, secret=secret)


def delete_key(work: Work, project_id: int, *, key_id: int) -> None:
    """End a key; it is refused from the next request on."""
    work.actor.require("keys:write", project_id)
    row = work.session.scalar(
        visible_to(work.actor, ApiKey).where(ApiKey.project_id == project_id, ApiKey.id == key_id)
    )
    if row is None:
        raise not_found("key")
    work.session.delete(row)
    record(work, Deed("key.deleted", f"key:{key_id}", project_id), name=row.name)


def find_key(session: Session, secret: str, *, now: datetime) -> ApiKey | None:
    """The live key of a secret; none once it has expired or its project is gone."""
    return session.scalar(
        select(ApiKey)  # tenancy: the key itself says which tenant is asking
        .outerjoin(Project, Project.id == ApiKey.project_id)
        .where(
            ApiKey.secret_hash == hash_secret(secret),
            or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now),
            Project.deleted_at.is_(None),
        )
    )


def touch_key(session: Session, key_id: int, *, now: datetime) -> None:
    """Note the moment of use."""
    used = update(ApiKey).where(ApiKey.id == key_id)  # tenancy: found by its secret just before
    session.execute(used.values(last_used_at=now))


def put_instance_key(work: Work, secret: str) -> None:
    """Make `secret` the one administrator's key of the instance; one set earlier stops working."""
    hashed = hash_secret(secret)
    present = select(ApiKey).where(ApiKey.project_id.is_(None))  # tenancy: the instance's own
    rows = work.session.scalars(present.where(ApiKey.name == INSTANCE_KEY_NAME)).all()
    if hashed in {row.secret_hash for row in rows}:
        return
    for outdated in rows:
        work.session.delete(outdated)
    row = ApiKey(
        name=INSTANCE_KEY_NAME,
        secret_hash=hashed,
        last_four=secret[-4:],
        scopes=[ALL_SCOPES],
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    record(work, Deed("key.created", f"key:{row.id}"), name=INSTANCE_KEY_NAME)


def _check_scopes(actor: Actor, project_id: int, *, scopes: tuple[str, ...]) -> tuple[str, ...]:
    if not scopes:
        raise invalid("scopes", "must name at least one scope", hint=f"Scopes are {', '.join(SCOPES)} and *.")
    for place, scope in enumerate(scopes):
        if scope not in (*SCOPES, ALL_SCOPES):
            raise invalid(f"scopes.{place}", "is not a scope", hint=f"Scopes are {', '.join(SCOPES)} and *.")
        if not actor.allows(scope, project_id):
            raise Problem(403, "forbidden", f"You cannot give the scope {scope}, since you do not have it.")
    return tuple(dict.fromkeys(scopes))


def _view(row: ApiKey, *, secret: str | None = None) -> KeyView:
    return KeyView(
        id=row.id,
        name=row.name,
        last_four=row.last_four,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        secret=secret,
    )
