"""What the UI asks first, and the set-up page."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from northing import __version__
from northing.server.auth.people import anyone_exists
from northing.server.auth.setup import FirstVisit, set_up
from northing.server.http import schemas
from northing.server.http.context import Context
from northing.server.http.dependencies import (
    ContextDep,
    OriginDep,
    doorway_of,
    possible_actor,
    same_site,
)
from northing.server.http.routes.session import answer_of, put_cookie

router = APIRouter(prefix="/api/v1", tags=["instance"])


@router.get("/instance", response_model_exclude_none=True)
def get_instance(request: Request, context: ContextDep) -> schemas.Instance:
    """Name, version, and whether the instance waits for its first user; needs no key."""
    with context.database.read() as session:
        needs_setup = not anyone_exists(session)
    return schemas.Instance(
        version=__version__,
        needs_setup=needs_setup,
        demo=context.settings.demo,
        signed_in=possible_actor(request) is not None,
        demo_sign_in=_demo_sign_in(context),
    )


@router.post("/setup", status_code=201, dependencies=[Depends(same_site)])
def post_setup(
    body: schemas.SetUp, request: Request, response: Response, context: ContextDep, origin: OriginDep
) -> schemas.SetUpAnswer:
    """Make the first user and project, and sign in; 409 once any user exists."""
    visit = FirstVisit(body.email, body.password, body.project_name, body.timezone, body.name)
    secret = set_up(doorway_of(context), visit, origin=origin)
    context.tokens.refresh()
    put_cookie(response, request, secret)
    answer = answer_of(context, secret)
    return schemas.SetUpAnswer(user=answer.user, project=answer.projects[0], csrf_token=answer.csrf_token)


def _demo_sign_in(context: Context) -> schemas.DemoSignIn | None:
    """The demo's data is made up, so its password is shown to everyone."""
    settings = context.settings
    if not (settings.demo and settings.admin_email):
        return None
    return schemas.DemoSignIn(email=settings.admin_email, password=settings.admin_password.get_secret_value())
