"""Projects: one tenant each, with a public token for everything that sends events."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from northing.kernel.ids import new_token
from northing.kernel.problems import Problem, invalid, not_found
from northing.server.auth.actor import Actor
from northing.server.auth.audit import Deed, record
from northing.server.auth.models import Membership, Project
from northing.server.auth.roles import ALL_SCOPES, Role, covers
from northing.server.auth.visibility import visible_projects
from northing.server.auth.work import Work

CHANGEABLE = ("name", "timezone", "week_start", "retention_days", "keep_ip")


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """What a new project is made of."""

    name: str
    timezone: str = "UTC"
    week_start: str = "monday"
    retention_days: int | None = None
    keep_ip: str = "truncate"
    token: str = ""


@dataclass(frozen=True, slots=True)
class ProjectView:
    """A project as its members see it; `role` is the caller's."""

    id: int
    name: str
    token: str
    website_id: str
    timezone: str
    week_start: str
    retention_days: int | None
    keep_ip: str
    created_at: datetime
    role: str


def list_projects(work: Work, *, after: int = 0, limit: int = 100) -> list[ProjectView]:
    """The projects the actor may know of, oldest first, from number `after` on."""
    query = visible_projects(work.actor).where(Project.id > after).order_by(Project.id).limit(limit)
    rows = work.session.scalars(query)
    return [view_of(row, work.actor) for row in rows if work.actor.allows("project:read", row.id)]


def get_project(work: Work, project_id: int) -> ProjectView:
    """One project; 404 for one the actor may not know of."""
    work.actor.require("project:read", project_id)
    return view_of(find_project(work, project_id), work.actor)


def find_project(work: Work, project_id: int) -> Project:
    """The row of a project that exists for the actor; 404 otherwise."""
    project = work.session.scalar(visible_projects(work.actor).where(Project.id == project_id))
    if project is None:
        raise not_found("project")
    return project


def lock_project(work: Work, project_id: int) -> Project:
    """The same, held until the transaction ends: changes of one project run one after another."""
    project = work.session.scalar(visible_projects(work.actor).where(Project.id == project_id).with_for_update())
    if project is None:
        raise not_found("project")
    return project


def create_project(work: Work, draft: ProjectDraft) -> Project:
    """Make a project; the person who makes it owns it."""
    _require_may_create(work.actor)
    project = add_project(work, draft)
    if work.actor.is_person:
        owner = Membership(project_id=project.id, user_id=work.actor.id, role=Role.OWNER, created_at=work.now)
        work.session.add(owner)
    return project


def add_project(work: Work, draft: ProjectDraft) -> Project:
    """Insert the row and its audit entry; who may do so is decided by the caller."""
    check_timezone(draft.timezone)
    project = Project(
        name=draft.name,
        token=draft.token or new_token(),
        timezone=draft.timezone,
        week_start=draft.week_start,
        retention_days=draft.retention_days,
        keep_ip=draft.keep_ip,
        created_at=work.now,
    )
    work.session.add(project)
    work.session.flush()
    record(work, Deed("project.created", f"project:{project.id}", project.id), name=project.name)
    return project


def change_project(work: Work, project_id: int, *, changes: Mapping[str, Any]) -> ProjectView:
    """Change the given fields (of `CHANGEABLE`) and leave the rest."""
    work.actor.require("project:write", project_id)
    project = lock_project(work, project_id)
    if "timezone" in changes:
        check_timezone(changes["timezone"])
    changed = {name: [getattr(project, name), changes[name]] for name in CHANGEABLE if name in changes}
    for name, (_, value) in changed.items():
        setattr(project, name, value)
    record(work, Deed("project.changed", f"project:{project_id}", project_id), **changed)
    return view_of(project, work.actor)


def rotate_token(work: Work, project_id: int) -> ProjectView:
    """Give the project a new token; whoever still sends with the old one is refused from then on."""
    work.actor.require("project:write", project_id)
    project = lock_project(work, project_id)
    project.token = new_token()
    record(work, Deed("project.token_rotated", f"project:{project_id}", project_id))
    return view_of(project, work.actor)


def delete_project(work: Work, project_id: int) -> None:
    """Hide the project from everyone at once; the row stays, marked, until its events are purged."""
    work.actor.require(ALL_SCOPES, project_id)
    project = lock_project(work, project_id)
    project.deleted_at = work.now
    record(work, Deed("project.deleted", f"project:{project_id}", project_id), name=project.name)


def check_timezone(name: str) -> None:
    """Raise 422 for a name that is not in the IANA time zone database."""
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise invalid("timezone", "must be an IANA time zone, such as Europe/Berlin") from None


def view_of(project: Project, actor: Actor) -> ProjectView:
    """The project as shown to the actor, who must see it."""
    return ProjectView(
        id=project.id,
        name=project.name,
        token=project.token,
        website_id=str(uuid.UUID(project.token)),
        timezone=project.timezone,
        week_start=project.week_start,
        retention_days=project.retention_days,
        keep_ip=project.keep_ip,
        created_at=project.created_at,
        role=actor.role_in(project.id),
    )


def _require_may_create(actor: Actor) -> None:
    """Members who only look on do not spend the instance's resources; someone left with nothing may start anew."""
    if actor.is_person:
        may = not actor.roles or bool({Role.OWNER, Role.ADMIN} & set(actor.roles.values()))
    else:
        may = actor.of_instance and covers(actor.scopes, "project:write")
    if not may:
        raise Problem(403, "forbidden", "Only owners, admins and keys of the instance can make projects.")
