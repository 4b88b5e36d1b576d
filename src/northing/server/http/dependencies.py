"""What routes ask for: the context, who acts, and the project it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from sqlalchemy.orm import Session

from northing.kernel.problems import Problem, invalid
from northing.server.auth.actor import Actor
from northing.server.auth.identify import SignedIn, identify_key, identify_session
from northing.server.auth.models import Project
from northing.server.auth.projects import find_project
from northing.server.auth.sessions import Origin, csrf_matches
from northing.server.auth.sign_in import Doorway
from northing.server.auth.tokens import ProjectInfo, info_of
from northing.server.auth.visibility import visible_projects
from northing.server.auth.work import Work
from northing.server.http.context import Context

COOKIE = "northing_session"
CSRF_HEADER = "x-csrf-token"
LARGEST_ID = 2**31 - 1
_KEY_HINT = "Secret keys begin with nsk_ and are made under Settings, API keys; the project token can only send."
_SAFE = ("GET", "HEAD", "OPTIONS")

Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]


def context_of(request: Request) -> Context:
    """The context that the composition gave to the app."""
    context = request.app.state.context
    assert isinstance(context, Context)
    return context


def origin_of(request: Request) -> Origin:
    """The caller's address (behind trusted proxies, the one they report) and program."""
    return Origin(request.client.host if request.client else "", request.headers.get("user-agent", ""))


def signed_in(request: Request) -> SignedIn | None:
    """The person of the session cookie. Raises 403 for a change without the CSRF token."""
    secret = request.cookies.get(COOKIE)
    if not secret:
        return None
    context = context_of(request)
    found = identify_session(
        context.database, secret, now=context.clock(), idle=idle_of(context), ip=origin_of(request).ip
    )
    if found is not None and request.method not in _SAFE:
        _require_csrf(request, secret)
    return found


def possible_actor(request: Request) -> Actor | None:
    """Who asks, if anyone: a bearer key wins over a cookie, and a bad key is refused rather than passed over."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        found = signed_in(request)
        return found.actor if found else None
    context = context_of(request)
    actor = identify_key(
        context.database,
        secret.strip(),
        now=context.clock(),
        ip=origin_of(request).ip,
        local_key_hash=context.local_key_hash,
    )
    if actor is None:
        raise _unauthorised("bad_key", "This key is not valid: unknown, expired or deleted.", _KEY_HINT)
    return actor


def current_actor(request: Request) -> Actor:
    """Who asks. Raises 401 for nobody."""
    actor = possible_actor(request)
    if actor is None:
        raise _unauthorised("not_signed_in", "Sign in, or send a secret key as `Authorization: Bearer nsk_…`.")
    return actor


def current_person(request: Request) -> Actor:
    """Who asks, where only a person makes sense. Raises 401 for nobody and 403 for a key."""
    actor = current_actor(request)
    if not actor.is_person:
        raise Problem(403, "people_only", "This is about a person's account; a key has none.")
    return actor


ContextDep = Annotated[Context, Depends(context_of)]
ActorDep = Annotated[Actor, Depends(current_actor)]
PersonDep = Annotated[Actor, Depends(current_person)]
OriginDep = Annotated[Origin, Depends(origin_of)]


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks about which project, after the scope was checked."""

    actor: Actor
    project: ProjectInfo


def access(scope: str | None) -> Callable[[Request, Actor], Access]:
    """A dependency that resolves the project of a scoped route and requires `scope` in it.

    The project is that of the path, of `?project=`, of the key, or the only one there is for the caller.
    Without a scope it only has to exist for the caller, and the service decides the rest.
    """

    def require_access(request: Request, actor: ActorDep) -> Access:
        with context_of(request).database.read() as session:
            work = Work(session, actor, context_of(request).clock())
            project_id = _asked_project(request) or _own_project(session, actor)
            found = find_project(work, project_id)
            if scope is not None:
                actor.require(scope, project_id)
            return Access(actor, info_of(found))

    return require_access


def declare_long(project: Annotated[int, Path(ge=1, le=LARGEST_ID, description="Number of the project.")]) -> None:
    """Makes the path parameter of the long form part of the reference."""


def declare_short(
    project: Annotated[
        int | None,
        Query(ge=1, le=LARGEST_ID, description="Number of the project; may be left out where there is only one."),
    ] = None,
) -> None:
    """Makes the query parameter of the short form part of the reference."""


@contextmanager
def writing(context: Context, actor: Actor) -> Iterator[Work]:
    """One transaction of the actor, now."""
    with context.database.transaction() as session:
        yield Work(session, actor, context.clock())


@contextmanager
def reading(context: Context, actor: Actor) -> Iterator[Work]:
    """One snapshot for the actor, now."""
    with context.database.read() as session:
        yield Work(session, actor, context.clock())


def doorway_of(context: Context) -> Doorway:
    """What signing in needs."""
    return Doorway(context.database, context.passwords, idle_of(context), context.clock())


def idle_of(context: Context) -> timedelta:
    """How long a sign-in lasts without use."""
    return timedelta(days=context.settings.session_days)


def same_site(request: Request) -> None:
    """Refuse what another site's page sends to the routes that need no sign-in yet (login CSRF)."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Problem(403, "cross_site", "This can only be done from Northing's own pages.")


def _require_csrf(request: Request, secret: str) -> None:
    if not csrf_matches(secret, request.headers.get(CSRF_HEADER, "")):
        message = "The request does not prove that it comes from Northing's own pages."
        hint = "Send the csrf_token of GET /api/v1/session in the header X-CSRF-Token."
        raise Problem(403, "csrf_failed", message, hint)


def _asked_project(request: Request) -> int | None:
    text = request.path_params.get("project") or request.query_params.get("project")
    if not text:
        return None
    # Parsed here, since FastAPI runs this even where the declared parameter has failed its validation.
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and 1 <= int(text) <= LARGEST_ID):
        raise invalid("project", "must be the number of a project")
    return int(text)


def _own_project(session: Session, actor: Actor) -> int:
    if actor.project_id is not None:
        return actor.project_id
    found = session.scalars(visible_projects(actor).with_only_columns(Project.id).limit(2)).all()
    if len(found) == 1:
        return found[0]
    if not found:
        raise Problem(404, "no_project", "There is no project yet.", "Make one with POST /api/v1/projects.")
    raise invalid(
        "project", "is needed, since there are several", hint="Use /api/v1/projects/{project}/… or ?project=."
    )


def _unauthorised(code: str, message: str, hint: str | None = None) -> Problem:
    return Problem(401, code, message, hint, headers={"WWW-Authenticate": "Bearer"})
