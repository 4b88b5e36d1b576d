"""A person's own account: name, password, and the browsers they are signed in on."""

from __future__ import annotations

from fastapi import APIRouter

from northing.server.auth.audit import Deed, record
from northing.server.auth.people import get_person, rename_person
from northing.server.auth.sessions import end_session, list_sessions
from northing.server.auth.sign_in import change_password
from northing.server.http import schemas
from northing.server.http.dependencies import ContextDep, Id, PersonDep, doorway_of, reading, writing
from northing.server.http.paging import Page

router = APIRouter(prefix="/api/v1/account", tags=["account"])


@router.get("")
def get_account(context: ContextDep, actor: PersonDep) -> schemas.User:
    """The signed-in person."""
    with reading(context, actor) as work:
        return schemas.User.model_validate(get_person(work.session, actor.user_id))


@router.patch("")
def patch_account(body: schemas.AccountChanges, context: ContextDep, actor: PersonDep) -> schemas.User:
    """Change one's own name."""
    with writing(context, actor) as work:
        person = rename_person(work.session, actor.user_id, name=body.name)
        record(work, Deed("account.renamed", f"user:{actor.user_id}"), name=body.name)
        return schemas.User.model_validate(person)


@router.post("/password", status_code=204)
def post_password(body: schemas.PasswordChange, context: ContextDep, actor: PersonDep) -> None:
    """Change one's own password; every other browser is signed out."""
    change_password(doorway_of(context), actor, current=body.current_password, new=body.new_password)


@router.get("/sessions")
def get_sessions(context: ContextDep, actor: PersonDep) -> Page[schemas.SignedInBrowser]:
    """The browsers one is signed in on, the latest used first."""
    with reading(context, actor) as work:
        rows = list_sessions(work.session, actor.user_id, current=actor.session_id)
    return Page(items=[schemas.SignedInBrowser.model_validate(row) for row in rows])


@router.delete("/sessions/{session_id}", status_code=204)
def delete_session(session_id: Id, context: ContextDep, actor: PersonDep) -> None:
    """Sign one browser out."""
    with writing(context, actor) as work:
        end_session(work.session, session_id, user_id=actor.user_id)
        record(work, Deed("session.ended", f"user:{actor.user_id}"))
