"""The only door to tenant rows: every read of them starts from `visible_to(actor, Model)`."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import ColumnElement, Select, false, select, true

from northing.server.auth.actor import Actor
from northing.server.auth.models import Membership, Project, ProjectOwned

Owned = TypeVar("Owned", bound=ProjectOwned)


def visible_projects(actor: Actor) -> Select[Project]:
    """Select the projects the actor may know of; deleted ones are gone for everyone."""
    return select(Project).where(Project.deleted_at.is_(None), _among(actor))


def visible_to(actor: Actor, model: type[Owned]) -> Select[Owned]:
    """Select the rows of `model` that belong to projects the actor may know of; narrow it further with `where`."""
    projects = visible_projects(actor).with_only_columns(Project.id)
    return select(model).where(model.project_id.in_(projects))


def _among(actor: Actor) -> ColumnElement[bool]:
    if actor.is_person:
        # Read anew rather than from `actor.roles`: a membership that ended a moment ago shows nothing more.
        return Project.id.in_(select(Membership.project_id).where(Membership.user_id == actor.id))
    if actor.of_instance:
        return true()
    return Project.id == actor.project_id if actor.project_id is not None else false()
