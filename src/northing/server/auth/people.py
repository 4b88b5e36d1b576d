"""People who can sign in: e-mail addresses, names, and the roles they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from northing.kernel.problems import invalid
from northing.server.auth.models import Membership, Project, User
from northing.server.auth.roles import Role

_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]{1,189}")


@dataclass(frozen=True, slots=True)
class Person:
    """A user as others see them."""

    id: int
    email: str
    name: str
    created_at: datetime


def person_of(user: User) -> Person:
    """The frozen value of a row."""
    return Person(user.id, user.email, user.name, user.created_at)


def parse_email(text: str, *, path: str = "email") -> str:
    """The address in the one form it is stored and compared in. Raises 422 for what is none."""
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or not email.isprintable():
        raise invalid(path, "must be an e-mail address, such as alice@example.com")
    return email


def find_by_email(session: Session, email: str) -> User | None:
    """The user of a parsed address."""
    return session.scalar(select(User).where(User.email == email))


def anyone_exists(session: Session) -> bool:
    """Whether the instance has been set up by somebody."""
    return session.scalar(select(User.id).limit(1)) is not None


def add_user(session: Session, email: str, *, name: str, password_hash: str, now: datetime) -> User:
    """Insert a user; a name left empty becomes the part of the address before the @."""
    user = User(
        email=email,
        name=name or email.partition("@")[0],
        password_hash=password_hash,
        password_changed_at=now,
        created_at=now,
    )
    session.add(user)
    session.flush()
    return user


def get_person(session: Session, user_id: int) -> Person:
    """One person by number."""
    return person_of(session.get_one(User, user_id))


def rename_person(session: Session, user_id: int, *, name: str) -> Person:
    """Change the person's name."""
    user = session.get_one(User, user_id)
    user.name = name
    return person_of(user)


def roles_of(session: Session, user_id: int) -> dict[int, Role]:
    """The person's role in each project that still exists."""
    rows = session.execute(
        select(Membership.project_id, Membership.role)  # tenancy: this decides what is visible
        .join(Project, Project.id == Membership.project_id)
        .where(Membership.user_id == user_id, Project.deleted_at.is_(None))
    )
    return {project_id: Role(role) for project_id, role in rows}
