"""HTTP of merges made by hand, and of their undoing. The loader does both, between two batches."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from northing.data.events.model import MAX_DISTINCT_ID
from northing.data.query.person_ids import plan_own_id, plan_owner
from northing.data.query.run import QueryRunner
from northing.data.query.scope import Scope
from northing.data.query.serving import RunnerDep, check_texts, scope_of
from northing.kernel.problems import not_found
from northing.products.people.changes import Change, make_change
from northing.products.people.cohorts import SCOPE
from northing.server.http.dependencies import Access, ContextDep, Id, access

router = APIRouter(prefix="/persons", tags=["persons"])
WriteDep = Annotated[Access, Depends(access(SCOPE))]


class IdOfPerson(BaseModel):
    """A person by one of their ids."""

    distinct_id: str = Field(min_length=1, max_length=MAX_DISTINCT_ID)


class ChangedPerson(BaseModel):
    """The person that the id belongs to now."""

    person: int


@router.post("/{person}/merges", status_code=201)
async def post_merge(
    person: Id, body: IdOfPerson, context: ContextDep, found: WriteDep, runner: RunnerDep
) -> ChangedPerson:
    """Make the person of another id part of this one, in all history; past the guards, and undone by a split."""
    check_texts(distinct_id=body.distinct_id)
    scope = await runner.merged(scope_of(found, context))
    own = await _id_of(runner, scope, person)
    change = Change("merge", found.project.id, person, own, body.distinct_id)
    return ChangedPerson(person=await make_change(context, found.actor, change))


@router.post("/{person}/splits", status_code=201)
async def post_split(
    person: Id, body: IdOfPerson, context: ContextDep, found: WriteDep, runner: RunnerDep
) -> ChangedPerson:
    """Undo the merge that brought an id into this person, in all history."""
    check_texts(distinct_id=body.distinct_id)
    scope = await runner.merged(scope_of(found, context))
    if await _owner(runner, scope, body.distinct_id) != person:
        raise not_found(f"distinct id {body.distinct_id[:100]} of person {person}")
    change = Change("split", found.project.id, person, body.distinct_id)
    return ChangedPerson(person=await make_change(context, found.actor, change))


async def _id_of(runner: QueryRunner, scope: Scope, person: int) -> str:
    rows = (await runner.ask(plan_own_id(scope, person), scope.project_id)).rows
    if not rows:
        raise not_found(f"person {person}")
    return str(rows[0][0])


async def _owner(runner: QueryRunner, scope: Scope, distinct_id: str) -> int | None:
    rows = (await runner.ask(plan_owner(scope, distinct_id), scope.project_id)).rows
    return int(rows[0][0]) if rows else None
