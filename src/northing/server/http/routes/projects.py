"""Projects and their tokens."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from northing.server.auth import projects
from northing.server.auth.identify import refreshed
from northing.server.auth.projects import ProjectDraft
from northing.server.auth.roles import ALL_SCOPES
from northing.server.http import schemas
from northing.server.http.dependencies import Access, ActorDep, ContextDep, access, declare_long, reading, writing
from northing.server.http.paging import Cursor, Limit, Page, cut_page, decode_number

router = APIRouter(prefix="/api/v1/projects", tags=["projects"])
one = APIRouter(prefix="/{project}", dependencies=[Depends(declare_long)])

ReadDep = Annotated[Access, Depends(access("project:read"))]
WriteDep = Annotated[Access, Depends(access("project:write"))]
OwnDep = Annotated[Access, Depends(access(ALL_SCOPES))]


@router.get("")
def get_projects(
    context: ContextDep, actor: ActorDep, limit: Limit = 100, cursor: Cursor = None
) -> Page[schemas.Project]:
    """The projects the caller belongs to, oldest first."""
    with reading(context, actor) as work:
        rows = projects.list_projects(work, after=decode_number(cursor) or 0, limit=limit + 1)
    items, next_cursor = cut_page(rows, limit, place=lambda row: row.id)
    return Page(items=[schemas.Project.model_validate(row) for row in items], next_cursor=next_cursor)


@router.post("", status_code=201)
def post_project(body: schemas.NewProject, context: ContextDep, actor: ActorDep) -> schemas.Project:
    """Make a project; a person who makes one owns it."""
    with writing(context, actor) as work:
        row = projects.create_project(work, ProjectDraft(**body.model_dump()))
    context.tokens.refresh()
    return schemas.Project.model_validate(projects.view_of(row, refreshed(context.database, actor)))


@one.get("")
def get_project(context: ContextDep, found: ReadDep) -> schemas.Project:
    """One project."""
    with reading(context, found.actor) as work:
        return schemas.Project.model_validate(projects.get_project(work, found.project.id))


@one.patch("")
def patch_project(body: schemas.ProjectChanges, context: ContextDep, found: WriteDep) -> schemas.Project:
    """Change the given fields."""
    with writing(context, found.actor) as work:
        view = projects.change_project(work, found.project.id, changes=body.model_dump(exclude_unset=True))
    context.tokens.refresh()
    return schemas.Project.model_validate(view)


@one.delete("", status_code=204)
def delete_project(context: ContextDep, found: OwnDep) -> None:
    """Delete the project, for owners: nobody can read it or send to it from now on."""
    with writing(context, found.actor) as work:
        projects.delete_project(work, found.project.id)
    context.tokens.refresh()


@one.post("/token")
def post_token(context: ContextDep, found: WriteDep) -> schemas.Project:
    """Give the project a new token; the old one is refused from now on."""
    with writing(context, found.actor) as work:
        view = projects.rotate_token(work, found.project.id)
    context.tokens.refresh()
    return schemas.Project.model_validate(view)


router.include_router(one)
