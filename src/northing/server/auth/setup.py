"""The first user and project: by the set-up page, or unattended from the settings at every start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from northing.kernel.problems import Problem
from northing.server.auth.actor import Actor, system_actor
from northing.server.auth.audit import Deed, record
from northing.server.auth.keys import put_instance_key
from northing.server.auth.members import put_membership
from northing.server.auth.models import Membership, Project, User
from northing.server.auth.passwords import Passwords, check_password
from northing.server.auth.people import add_user, anyone_exists, find_by_email, parse_email
from northing.server.auth.projects import ProjectDraft, add_project, check_timezone
from northing.server.auth.roles import Role
from northing.server.auth.sessions import Origin, begin_session
from northing.server.auth.sign_in import Doorway
from northing.server.auth.visibility import visible_projects, visible_to
from northing.server.auth.work import Work
from northing.server.db.base import Database, lock_name
from northing.server.settings import Settings

FIRST_PROJECT_NAME = "My project"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FirstVisit:
    """What the set-up page sends."""

    email: str
    password: str
    project_name: str
    timezone: str
    name: str = ""


def set_up(doorway: Doorway, visit: FirstVisit, *, origin: Origin) -> str:
    """Make the first user and their project, and return the secret of a session.

    Raises 409 once any user exists, also for the slower of two visitors at the same moment.
    """
    email = parse_email(visit.email)
    check_password(visit.password, email)
    check_timezone(visit.timezone)
    with doorway.database.read() as session:
        _require_nobody(session)
    hashed = doorway.passwords.hash(visit.password)
    with doorway.database.transaction() as session:
        lock_name(session, "set-up")
        _require_nobody(session)
        user = add_user(session, email, name=visit.name, password_hash=hashed, now=doorway.now)
        work = Work(session, Actor("user", user.id, user.email, ip=origin.ip), doorway.now)
        project = _first_project(work, visit)
        user.home_project_id = project.id
        put_membership(work, project.id, user=user, role=Role.OWNER)
        return begin_session(session, user.id, origin=origin, now=doorway.now, idle=doorway.idle)


def prepare_instance(database: Database, settings: Settings, *, passwords: Passwords, now: datetime) -> None:
    """Bring about what the settings ask for (owner, project 1, administrator's key); again, it changes nothing."""
    check_timezone(settings.timezone)
    email, hashed = _admin_from(database, settings, passwords=passwords)
    with database.transaction() as session:
        lock_name(session, "set-up")
        work = Work(session, system_actor(), now)
        project = _project_from(work, settings)
        if project is not None and email:
            _put_owner(work, project, email=email, password_hash=hashed)
        if settings.admin_key.get_secret_value():
            put_instance_key(work, settings.admin_key.get_secret_value())


def _require_nobody(session: Session) -> None:
    if anyone_exists(session):
        raise Problem(409, "already_set_up", "This instance has been set up already.", "Sign in instead.")


def _first_project(work: Work, visit: FirstVisit) -> Project:
    """The visitor takes over a project that was made by settings alone, since nobody owns it."""
    project = _oldest_project(work.session)
    if project is None:
        return add_project(work, ProjectDraft(visit.project_name, timezone=visit.timezone))
    project.name, project.timezone = visit.project_name, visit.timezone
    record(work, Deed("project.changed", f"project:{project.id}", project.id), name=project.name)
    return project


def _admin_from(database: Database, settings: Settings, *, passwords: Passwords) -> tuple[str, str | None]:
    """The owner's address, and the password's hash where the account has to be made (hashing takes long)."""
    if not settings.admin_email:
        return "", None
    email, password = _checked_admin(settings)
    with database.read() as session:
        exists = find_by_email(session, email) is not None
    return email, None if exists else passwords.hash(password)


def _checked_admin(settings: Settings) -> tuple[str, str]:
    password = settings.admin_password.get_secret_value()
    try:
        email = parse_email(settings.admin_email, path="NORTHING_ADMIN_EMAIL")
        check_password(password, email, path="NORTHING_ADMIN_PASSWORD")
    except Problem as problem:
        message = f"Settings cannot be used: {problem.message}."
        raise Problem(500, "bad_setting", message, None, problem.errors) from None
    return email, password


def _project_from(work: Work, settings: Settings) -> Project | None:
    project = _oldest_project(work.session)
    if project is None and (settings.admin_email or settings.project_token):
        draft = ProjectDraft(FIRST_PROJECT_NAME, timezone=settings.timezone, token=settings.project_token)
        return add_project(work, draft)
    if project is not None and settings.project_token not in ("", project.token):
        # It may have been rotated since because it leaked: what a person did last wins over the environment.
        log.warning("project_token_differs", project=project.id, setting="NORTHING_PROJECT_TOKEN")
    return project


def _oldest_project(session: Session) -> Project | None:
    return session.scalar(visible_projects(system_actor()).order_by(Project.id).limit(1))


def _put_owner(work: Work, project: Project, *, email: str, password_hash: str | None) -> None:
    """A new account owns the project; an old one only where nobody is left in it: it may have been removed."""
    user = work.session.scalar(select(User).where(User.email == email))
    members = visible_to(work.actor, Membership).where(Membership.project_id == project.id)
    is_empty = work.session.scalar(members.limit(1)) is None
    if user is None and password_hash is not None:
        user = add_user(work.session, email, name="", password_hash=password_hash, now=work.now)
        user.home_project_id = project.id
    elif not is_empty:
        return
    if user is not None:
        put_membership(work, project.id, user=user, role=Role.OWNER)
