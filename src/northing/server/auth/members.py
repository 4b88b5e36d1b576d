"""Members of a project: who may do what. A project always keeps an owner."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from northing.kernel.problems import Problem, invalid, not_found
from northing.server.auth.actor import Actor
from northing.server.auth.audit import Deed, record
from northing.server.auth.models import Membership, User
from northing.server.auth.passwords import Passwords, check_password
from northing.server.auth.people import Person, add_user, find_by_email, parse_email, person_of
from northing.server.auth.projects import lock_project
from northing.server.auth.roles import ALL_SCOPES, ROLE_SCOPES, Role
from northing.server.auth.sessions import end_other_sessions
from northing.server.auth.visibility import visible_to
from northing.server.auth.work import Work
from northing.server.db.base import lock_name


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom to add. A new person gets `password`, or a random one that is shown once."""

    email: str
    role: Role
    name: str = ""
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A person and their role; `initial_password` only right after a random one was made."""

    user: Person
    role: Role
    initial_password: str | None = None


@dataclass(frozen=True, slots=True)
class PreparedPassword:
    """A hash made before the transaction starts: it takes long, and SQLite has one writer."""

    hash: str
    shown_once: str | None


def prepare_password(passwords: Passwords, invitation: Invitation) -> PreparedPassword:
    """Check and hash the given password, or a random one."""
    given = invitation.password
    if given is not None:
        check_password(given, parse_email(invitation.email))
        return PreparedPassword(passwords.hash(given), None)
    made = secrets.token_urlsafe(12)
    return PreparedPassword(passwords.hash(made), made)


def list_members(work: Work, project_id: int) -> list[Member]:
    """Everyone in the project, by e-mail."""
    work.actor.require("project:read", project_id)
    memberships = visible_to(work.actor, Membership).where(Membership.project_id == project_id)
    with_users = memberships.join(User, User.id == Membership.user_id).add_columns(User).order_by(User.email)
    rows = work.session.execute(with_users)
    return [Member(person_of(user), Role(membership.role)) for membership, user in rows]


def add_member(work: Work, project_id: int, *, invitation: Invitation, password: PreparedPassword) -> Member:
    """Add a person to the project, making their account where there is none yet.

    Raises 409 for an account that the actor cannot answer for: whoever made it may hold its password.
    """
    _require_may_give(work.actor, project_id, role=invitation.role)
    lock_project(work, project_id)
    email = parse_email(invitation.email)
    # Two projects may invite the same new person at the same moment.
    lock_name(work.session, f"person {email}")
    known = find_by_email(work.session, email)
    if known is None:
        user = _make_account(work, project_id, invitation=invitation, password=password)
    else:
        user = _take_account(work, project_id, user=known, password=password)
    put_membership(work, project_id, user=user, role=invitation.role)
    return Member(person_of(user), invitation.role, password.shown_once if known is None else None)


def put_membership(work: Work, project_id: int, *, user: User, role: Role) -> None:
    """Insert the row and its audit entry; who may do so is decided by the caller."""
    row = Membership(project_id=project_id, user_id=user.id, role=role, created_at=work.now)
    work.session.add(row)
    record(work, Deed("member.added", f"user:{user.id}", project_id), email=user.email, role=role)


def change_role(work: Work, project_id: int, *, user_id: int, role: Role) -> Member:
    """Give a member another role."""
    _require_may_give(work.actor, project_id, role=role)
    membership = _lock_membership(work, project_id, user_id=user_id)
    _require_may_touch(work.actor, membership)
    if membership.role == Role.OWNER and role != Role.OWNER:
        _require_other_owner(work, project_id)
    before, membership.role = membership.role, role
    record(work, Deed("member.role_changed", f"user:{user_id}", project_id), role=[before, role])
    return Member(person_of(work.session.get_one(User, user_id)), role)


def remove_member(work: Work, project_id: int, *, user_id: int) -> None:
    """End a membership; anyone may end their own."""
    leaving = work.actor.is_person and work.actor.id == user_id
    work.actor.require("project:read" if leaving else "members:write", project_id)
    membership = _lock_membership(work, project_id, user_id=user_id)
    if not leaving:
        _require_may_touch(work.actor, membership)
    if membership.role == Role.OWNER:
        _require_other_owner(work, project_id)
    work.session.delete(membership)
    record(work, Deed("member.removed", f"user:{user_id}", project_id), role=membership.role)


def find_membership(work: Work, project_id: int, *, user_id: int) -> Membership | None:
    """The row of a person in a project that the actor sees."""
    own = visible_to(work.actor, Membership).where(Membership.project_id == project_id)
    return work.session.scalar(own.where(Membership.user_id == user_id))


def _make_account(work: Work, project_id: int, *, invitation: Invitation, password: PreparedPassword) -> User:
    email = parse_email(invitation.email)
    user = add_user(work.session, email, name=invitation.name, password_hash=password.hash, now=work.now)
    user.home_project_id = project_id
    record(work, Deed("account.created", f"user:{user.id}", project_id), email=email)
    return user


def _take_account(work: Work, project_id: int, *, user: User, password: PreparedPassword) -> User:
    """The account that is there, once it is sure that this actor may bring it into the project."""
    given = password.shown_once is None
    if given and not work.actor.of_instance:
        raise invalid("password", "this person has an account already; leave the password out")
    if find_membership(work, project_id, user_id=user.id) is not None:
        raise Problem(409, "already_member", f"{user.email} is a member already.", "Change their role instead.")
    _require_answers_for(work.actor, user)
    if given:
        user.password_hash, user.password_changed_at = password.hash, work.now
        end_other_sessions(work.session, user.id, keep=None)
        record(work, Deed("account.password_reset", f"user:{user.id}", project_id), email=user.email)
    return user


def _require_answers_for(actor: Actor, user: User) -> None:
    """Only who made an account knows in whose hands it is. Nobody else could tell from the address alone, and a
    new password would hand them what the person may do elsewhere.
    """
    home = user.home_project_id
    if actor.of_instance or (home is not None and actor.allows("members:write", home)):
        return
    message = f"{user.email} has an account that was made in another project, so you cannot add it to this one."
    hint = "Ask someone who may change members in both projects, or the administrator of the server."
    raise Problem(409, "account_elsewhere", message, hint)


def _lock_membership(work: Work, project_id: int, *, user_id: int) -> Membership:
    """The project is locked, not the row: otherwise two owners could remove each other."""
    lock_project(work, project_id)
    membership = find_membership(work, project_id, user_id=user_id)
    if membership is None:
        raise not_found("member")
    return membership


def _require_may_give(actor: Actor, project_id: int, *, role: Role) -> None:
    """Nobody gives what they do not have: a key for members could otherwise make an admin and sign in as them."""
    actor.require("members:write", project_id)
    for scope in sorted(ROLE_SCOPES[role]):
        actor.require(scope, project_id)


def _require_may_touch(actor: Actor, membership: Membership) -> None:
    if membership.role == Role.OWNER:
        actor.require(ALL_SCOPES, membership.project_id)


def _require_other_owner(work: Work, project_id: int) -> None:
    owners = visible_to(work.actor, Membership).where(Membership.project_id == project_id)
    if len(work.session.scalars(owners.where(Membership.role == Role.OWNER)).all()) < 2:
        raise Problem(409, "last_owner", "A project keeps at least one owner.", "Make someone else an owner first.")
