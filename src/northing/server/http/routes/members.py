"""Who belongs to a project."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from northing.server.auth import members
from northing.server.auth.members import Invitation
from northing.server.http import schemas
from northing.server.http.dependencies import Access, ContextDep, Id, access, declare_long, reading, writing
from northing.server.http.paging import Page

router = APIRouter(prefix="/api/v1/projects/{project}/members", tags=["members"], dependencies=[Depends(declare_long)])

ReadDep = Annotated[Access, Depends(access("project:read"))]
SeenDep = Annotated[Access, Depends(access(None))]
WriteDep = Annotated[Access, Depends(access("members:write"))]


@router.get("")
def get_members(context: ContextDep, found: ReadDep) -> Page[schemas.Member]:
    """Everyone in the project."""
    with reading(context, found.actor) as work:
        rows = members.list_members(work, found.project.id)
    return Page(items=[schemas.Member.model_validate(row) for row in rows])


@router.post("", status_code=201, response_model_exclude_none=True)
def post_member(body: schemas.NewMember, context: ContextDep, found: WriteDep) -> schemas.AddedMember:
    """Add a person; one without an account gets one, with the given password or one that is shown once.

    An account that was made in another project can be added by those who may change members there too; 409 otherwise.
    """
    invitation = Invitation(body.email, body.role, body.name, body.password)
    password = members.prepare_password(context.passwords, invitation)
    with writing(context, found.actor) as work:
        member = members.add_member(work, found.project.id, invitation=invitation, password=password)
    return schemas.AddedMember.model_validate(member)


@router.patch("/{user_id}")
def patch_member(user_id: Id, body: schemas.MemberChanges, context: ContextDep, found: WriteDep) -> schemas.Member:
    """Give a member another role; only owners make and unmake owners."""
    with writing(context, found.actor) as work:
        member = members.change_role(work, found.project.id, user_id=user_id, role=body.role)
    return schemas.Member.model_validate(member)


@router.delete("/{user_id}", status_code=204)
def delete_member(user_id: Id, context: ContextDep, found: SeenDep) -> None:
    """Remove a member (needs `members:write`), or leave the project oneself."""
    with writing(context, found.actor) as work:
        members.remove_member(work, found.project.id, user_id=user_id)
