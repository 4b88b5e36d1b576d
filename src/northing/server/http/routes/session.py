"""Signing in and out."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from northing.kernel.problems import Problem
from northing.server.auth.audit import Deed, record
from northing.server.auth.identify import identify_session
from northing.server.auth.projects import list_projects
from northing.server.auth.sessions import csrf_token, end_session
from northing.server.auth.sign_in import Credentials, sign_in
from northing.server.http import schemas
from northing.server.http.context import Context
from northing.server.http.dependencies import (
    COOKIE,
    ContextDep,
    OriginDep,
    doorway_of,
    idle_of,
    reading,
    same_site,
    signed_in,
    writing,
)

router = APIRouter(prefix="/api/v1/session", tags=["session"])


@router.post("", dependencies=[Depends(same_site)])
def post_session(
    body: schemas.SignIn, request: Request, response: Response, context: ContextDep, origin: OriginDep
) -> schemas.SignInAnswer:
    """Sign in with e-mail and password; sets the cookie `northing_session`."""
    secret = sign_in(doorway_of(context), Credentials(body.email, body.password), origin=origin)
    put_cookie(response, request, secret)
    return answer_of(context, secret)


@router.get("")
def get_session(request: Request, response: Response, context: ContextDep) -> schemas.SignInAnswer:
    """Who is signed in, their projects and the CSRF token; 401 for nobody. Prolongs the cookie."""
    secret = request.cookies.get(COOKIE, "")
    answer = answer_of(context, secret)
    put_cookie(response, request, secret)
    return answer


@router.delete("", status_code=204)
def delete_session(request: Request, response: Response, context: ContextDep) -> None:
    """Sign out; also takes away a cookie that is no longer valid."""
    found = signed_in(request)
    if found is not None and found.actor.session_id is not None:
        with writing(context, found.actor) as work:
            end_session(work.session, found.actor.session_id, user_id=found.person.id)
            record(work, Deed("session.ended", f"user:{found.person.id}"))
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=_is_secure(request))


def put_cookie(response: Response, request: Request, secret: str) -> None:  # shape: both halves of the exchange
    """Give the browser its session."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=request.app.state.context.settings.session_days * 86_400,
        path="/",
        httponly=True,
        samesite="lax",
        secure=_is_secure(request),
    )


def answer_of(context: Context, secret: str) -> schemas.SignInAnswer:
    """The person of a session secret, with their projects."""
    found = identify_session(context.database, secret, now=context.clock(), idle=idle_of(context))
    if found is None:
        raise Problem(401, "not_signed_in", "Nobody is signed in.")
    with reading(context, found.actor) as work:
        projects = list_projects(work, limit=1000)
    return schemas.SignInAnswer(
        user=schemas.User.model_validate(found.person),
        csrf_token=csrf_token(secret),
        projects=[schemas.Project.model_validate(project) for project in projects],
    )


def _is_secure(request: Request) -> bool:
    """A public address on https counts too: the proxy in front may not say what it speaks."""
    public_url: str = request.app.state.context.settings.public_url
    return request.url.scheme == "https" or public_url.startswith("https://")
